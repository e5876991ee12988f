import { PAUSED_ANNOTATION } from '../../../lib/apis/pause.ts';
import { conditionOf } from '../../../lib/core/conditions.ts';
import { type KubeObject, isRecord, recordIn, groupOf } from '../../../lib/core/object.ts';
import { isHeldByCrossplane } from '../teardown/subject.ts';
import { isClusterApiGroup, titleOf } from './identity.ts';

/**
 * acknowledgementMissing says why Crossplane core may still believe that the objects are its own: a
 * reference to one of them, or a reconcile that failed (facts/crossplane-runs.md 4: references are written
 * before status). Undefined when it has let go. A composite that is gone composes nothing any more; nor
 * does one that is being deleted, once core has taken its finalizer off: until then a reconcile that began
 * before the deletion may still be applying.
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
    return `: it is paused, remove the annotation ${PAUSED_ANNOTATION}`;
  }
  return metadata.deletionTimestamp === undefined
    ? ''
    : ', and it is being deleted without Crossplane having taken its finalizer off: check that Crossplane runs';
}

interface Reference {
  readonly apiVersion?: unknown;
  readonly kind?: unknown;
  readonly name?: unknown;
}

/** Cluster-scoped legacy composites and namespaced ones keep them in different places (facts/crossplane-runs.md 3). */
function referencesIn(composite: KubeObject): readonly Reference[] {
  const spec = recordIn(composite, 'spec');
  const lists = [spec?.['resourceRefs'], recordIn(spec, 'crossplane')?.['resourceRefs']];
  return lists.flatMap((list) => (Array.isArray(list) ? list.filter(isRecord) : []));
}
