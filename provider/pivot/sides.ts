import type { KubeObject } from '../../lib/core/object.ts';
import { doneWith, stalled, type Outcome } from '../../lib/reconcile/outcome.ts';
import { allSettled } from '../../lib/settled.ts';
import type { Graph } from '../core/pivot/graph.ts';
import type { MoveType } from '../core/pivot/move-types.ts';
import { readEscrow } from '../escrow/escrow.ts';
import { kindsOf, listAll, mayMove } from './objects.ts';
import { compositeOf, type Scope } from './scope.ts';

/**
 * sourceObjects returns the objects of the cluster on the source; Stalled if that is an escrow that does
 * not exist.
 */
export async function sourceObjects(
  scope: Scope,
  types: readonly MoveType[],
): Promise<Outcome<readonly KubeObject[]>> {
  const { source, cluster } = scope;
  if (source === undefined) return escrowObjects(scope);
  return doneWith(await listAll(source.api, types, cluster.namespace));
}

/** escrowObjects returns the last known objects of the cluster. */
export async function escrowObjects(scope: Scope): Promise<Outcome<readonly KubeObject[]>> {
  const { deps, cluster } = scope;
  const escrow = await readEscrow(deps, { ...cluster, composite: compositeOf(scope) });
  if (escrow === undefined) {
    return stalled(
      'NoEscrow',
      `There is no escrow of cluster ${cluster.namespace}/${cluster.name}: take it back from the cluster itself (spec.source: Cluster)`,
    );
  }
  // Objects that were being deleted are created again; the teardown that takes the cluster back deletes
  // them.
  const objects = escrow.objects.filter((object) => mayMove(object, cluster.namespace));
  return doneWith(
    objects.map((object) => {
      const { deletionTimestamp: _deleted, ...metadata } = object.metadata;
      return { ...object, metadata };
    }),
  );
}

/** BothSides holds the objects of the kinds that move, read from both sides at the same time. */
export interface BothSides {
  readonly source: readonly KubeObject[];
  readonly target: readonly KubeObject[];
}

/** bothSides reads the kinds of a graph again from both sides; an escrow does not change. */
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
