import { conditionOf, isRecord, recordIn } from '../../../lib/core/conditions.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { groupOf, isClusterApiGroup, titleOf } from './identity.ts';

/**
 * acknowledgementMissing says why Crossplane core may still believe that the objects are its own: a
 * reference to one of them, or a reconcile that failed (facts/crossplane-runs.md 4: references are written
 * before status). Undefined when it has let go. A composite that is gone, or is being deleted, composes
 * nothing any more.
 */
export function acknowledgementMissing(composite: KubeObject | undefined): string | undefined {
  if (composite === undefined || composite.metadata.deletionTimestamp !== undefined) {
    return undefined;
  }
  const held = referencesIn(composite).filter(({ apiVersion }) =>
    isClusterApiGroup(groupOf(String(apiVersion))),
  );
  const [first] = held;
  if (first !== undefined) {
    return `${titleOf(composite)} still refers to ${held.length} objects of the cluster, such as ${String(first.kind)} ${String(first.name)}${pausedHint(composite)}`;
  }
  const synced = conditionOf(composite, 'Synced');
  return synced?.status === 'True'
    ? undefined
    : `${titleOf(composite)} is not Synced${synced?.reason === undefined ? '' : ` (${synced.reason})`}`;
}

function pausedHint({ metadata }: KubeObject): string {
  return metadata.annotations?.['crossplane.io/paused'] === 'true'
    ? ': it is paused, remove the annotation crossplane.io/paused'
    : '';
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
