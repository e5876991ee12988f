import type { KubeObject } from '../../lib/core/object.ts';
import { stalled } from '../../lib/reconcile/outcome.ts';
import { readEscrow } from '../escrow/escrow.ts';
import { mayMove } from './objects.ts';
import { compositeOf, Halt, type Scope } from './scope.ts';

/** theEscrow are the last known objects of the cluster. */
export async function theEscrow(scope: Scope): Promise<readonly KubeObject[]> {
  const { deps, cluster } = scope;
  const escrow = await readEscrow(deps, { ...cluster, composite: compositeOf(scope) });
  if (escrow === undefined) {
    throw new Halt(
      stalled(
        'NoEscrow',
        `There is no escrow of cluster ${cluster.namespace}/${cluster.name}: take it back from the cluster itself (spec.source: Cluster)`,
      ),
    );
  }
  // What was being deleted is made anew: whoever takes the cluster back deletes it again.
  const objects = escrow.objects.filter((object) => mayMove(object, cluster.namespace));
  return objects.map((object) => {
    const { deletionTimestamp: _deleted, ...metadata } = object.metadata;
    return { ...object, metadata };
  });
}
