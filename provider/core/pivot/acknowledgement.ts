import { PAUSED_ANNOTATION } from '../../../lib/apis/pause.ts';
import { conditionOf } from '../../../lib/core/conditions.ts';
import { type KubeObject, isRecord, recordIn, groupOf } from '../../../lib/core/object.ts';
import { isHeldByCrossplane } from '../teardown/subject.ts';
import { isClusterApiGroup, titleOf } from './identity.ts';

/**
 * acknowledgementMissing returns why Crossplane core may still treat the objects as its own: the composite
 * has a reference to one of them, or its last reconcile failed (facts/crossplane-runs.md 4: references are
 * written before status). Undefined if core has released them. A deleted composite composes nothing. A
 * composite that is being deleted composes nothing once core has removed its finalizer; until then a
 * reconcile that started before the deletion may still apply objects.
 */
export function acknowledgementMissing(composite: KubeObject | undefined): string | undefined {
  if (composite === undefined || isLetGo(composite)) {
    return undefined;
  }
  const held = referencesIn(composite).filter(({ apiVersion }) =>
    isClusterApiGroup(groupOf(String(apiVersion))),
  );
  const [first] = held;
  if (first !== undefined) {
    return `${titleOf(composite)} still refers to ${held.length} objects of the cluster, such as ${String(first.kind)} ${String(first.name)}${hint(composite)}`;
  }
  const synced = conditionOf(composite, 'Synced');
  return synced?.status === 'True'
    ? undefined
    : `${titleOf(composite)} is not Synced${synced?.reason === undefined ? '' : ` (${synced.reason})`}${hint(composite)}`;
}

function isLetGo(composite: KubeObject): boolean {
  return composite.metadata.deletionTimestamp !== undefined && !isHeldByCrossplane(composite);
}

function hint({ metadata }: KubeObject): string {
  if (metadata.annotations?.[PAUSED_ANNOTATION] === 'true') {
    return `: it is paused; remove the annotation ${PAUSED_ANNOTATION}`;
  }
  return metadata.deletionTimestamp === undefined
    ? ''
    : ', and it is being deleted but Crossplane has not removed its finalizer: check that Crossplane is running';
}

interface Reference {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
  readonly name?: unknown;
}

/**
 * Legacy cluster-scoped composites and namespaced ones store references in different fields
 * (facts/crossplane-runs.md 3).
 */
function referencesIn(composite: KubeObject): readonly Reference[] {
  const spec = recordIn(composite, 'spec');
  const lists = [spec?.['resourceRefs'], recordIn(spec, 'crossplane')?.['resourceRefs']];
  return lists.flatMap((list) => (Array.isArray(list) ? list.filter(isRecord) : []));
}
