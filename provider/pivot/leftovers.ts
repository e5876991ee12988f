import type { KubeObject } from '../../lib/core/object.ts';
import { allSettled } from '../../lib/settled.ts';
import { belongsByItself } from '../core/pivot/belongs.ts';
import { sourceUidOf } from '../core/pivot/existing.ts';
import type { Graph } from '../core/pivot/graph.ts';
import { keyOf, uidOf } from '../core/pivot/identity.ts';
import { ownersOf } from '../../lib/core/owners.ts';
import { removeForGood } from './remove-for-good.ts';
import type { Scope } from './scope.ts';

/** TargetSeen is what is known of the target. */
interface TargetSeen {
  /** The objects that existed before. */
  readonly known: readonly KubeObject[];
  /** The copies, by the uid of their originals. */
  readonly copies: ReadonlyMap<string, KubeObject>;
}

/**
 * removeLeftovers deletes copies that an interrupted attempt left on the target and whose originals no
 * longer exist on the source.
 */
export async function removeLeftovers(
  { target, cluster }: Scope,
  graph: Graph,
  { known, copies }: TargetSeen,
): Promise<void> {
  const wanted = new Set(graph.objects.map(keyOf));
  const uids = new Set([...copies.values()].map(uidOf));
  const leftovers = known.filter(
    (object) =>
      sourceUidOf(object) !== undefined &&
      !wanted.has(keyOf(object)) &&
      (belongsByItself(cluster.name, object) || ownersOf(object).some(({ uid }) => uids.has(uid))),
  );
  await allSettled(leftovers.map((object) => removeForGood(target.api, object)));
}
