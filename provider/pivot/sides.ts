import type { KubeObject } from '../../lib/core/object.ts';
import { doneWith, stalled, type Outcome } from '../../lib/reconcile/outcome.ts';
import { allSettled } from '../../lib/settled.ts';
import type { Graph } from '../core/pivot/graph.ts';
import type { MoveType } from '../core/pivot/move-types.ts';
import { readEscrow } from '../escrow/escrow.ts';
import { kindsOf, listAll, mayMove } from './objects.ts';
import { compositeOf, type Scope } from './scope.ts';

/** sourceObjects are the objects of the cluster as the source has them; Stalled when that is an escrow that is not there. */
export async function sourceObjects(
  scope: Scope,
  types: readonly MoveType[],
): Promise<Outcome<readonly KubeObject[]>> {
  const { source, cluster } = scope;
  if (source === undefined) return escrowObjects(scope);
  return doneWith(await listAll(source.api, types, cluster.namespace));
}

/** escrowObjects are the last known objects of the cluster. */
export async function escrowObjects(scope: Scope): Promise<Outcome<readonly KubeObject[]>> {
  const { deps, cluster } = scope;
  const escrow = await readEscrow(deps, { ...cluster, composite: compositeOf(scope) });
  if (escrow === undefined) {
    return stalled(
      'NoEscrow',
      `There is no escrow of cluster ${cluster.namespace}/${cluster.name}: take it back from the cluster itself (spec.source: Cluster)`,
    );
  }
  // What was being deleted is made anew: whoever takes the cluster back deletes it again.
  const objects = escrow.objects.filter((object) => mayMove(object, cluster.namespace));
  return doneWith(
    objects.map((object) => {
      const { deletionTimestamp: _deleted, ...metadata } = object.metadata;
      return { ...object, metadata };
    }),
  );
}

/** BothSides are the objects of the kinds that move, on both sides at one time. */
export interface BothSides {
  readonly source: readonly KubeObject[];
  readonly target: readonly KubeObject[];
}

/** bothSides reads the kinds of a graph anew on both sides; an escrow is what it was. */
export async function bothSides(
  { source, target, cluster }: Scope,
  { objects }: Graph,
): Promise<BothSides> {
  const kinds = kindsOf(objects);
  const [from = [], to = []] = await allSettled([
    source === undefined ? Promise.resolve(objects) : listAll(source.api, kinds, cluster.namespace),
    listAll(target.api, kinds, cluster.namespace),
  ]);
  return { source: from, target: to };
}
