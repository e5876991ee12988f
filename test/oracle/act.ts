import { spanOf, type AuditEvent, type Side, type Span } from './audit-event.ts';
import { actorOf, isDone } from './sighting.ts';

/**
 * Act is a creation or deletion that an API server carried out, or a creation that it refused because
 * the object is there already.
 */
export interface Act {
  readonly side: Side;
  readonly actor: string;
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  readonly code: number;
  readonly span: Span;
}

const ENDS = ['delete', 'deletecollection'];
const CREATED = 201;
const CONFLICT = 409;

/** actOf is the act in an event; undefined for reads, changes, tries and refusals. */
export function actOf(event: AuditEvent, side: Side): Act | undefined {
  const { verb, objectRef, responseStatus } = event;
  const code = responseStatus?.code ?? 0;
  if (objectRef === undefined || !isActOf(event, code)) return undefined;
  const { apiGroup: group = '', resource = '', subresource = '', namespace = '' } = objectRef;
  const object = { group, resource, subresource, namespace, name: objectRef.name ?? '' };
  return { side, actor: actorOf(event), verb, code, span: spanOf(event), ...object };
}

function isActOf(event: AuditEvent, code: number): boolean {
  const { verb, stage } = event;
  const exists = verb === 'create' && code === CONFLICT && stage === 'ResponseComplete';
  return exists || (isDone(event) && (ENDS.includes(verb) || code === CREATED));
}

/** keyOf names the object of an act, the same on both sides. */
export function keyOf({ group, resource, namespace, name }: Act): string {
  return `${resource}${group === '' ? '' : `.${group}`} ${namespace}/${name}`;
}

/** isCreation says whether the act made its object: by POST, or by an apply of what was not there. */
export function isCreation({ verb, code, subresource }: Act): boolean {
  return subresource === '' && code === CREATED && !ENDS.includes(verb);
}
