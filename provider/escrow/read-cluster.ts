import type { KubeObject } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { graphOf } from '../core/pivot/graph.ts';
import { moveTypes } from '../core/pivot/move-types.ts';
import { ownershipOf } from '../core/pivot/ownership.ts';
import type { ClusterRef } from '../core/escrow/escrow-set.ts';
import { cloudNamed } from '../../capi/clouds/index.ts';
import { crdsOf } from '../pivot/crds.ts';
import { listAll } from '../pivot/objects.ts';

/**
 * readCluster reads the objects of a self-managed cluster that a pivot would take back. Undefined while the
 * cluster does not own itself, because a pivot is then in progress.
 */
export async function readCluster(
  workload: KubeApi,
  { namespace, name }: ClusterRef,
  provider: string | undefined,
): Promise<readonly KubeObject[] | undefined> {
  const types = moveTypes(await crdsOf(workload, workload), cloudNamed(provider)?.movesAlso);
  const all = await wrapError(`read cluster ${name}`, listAll(workload, types, namespace));
  const graph = graphOf(name, all);
  if (graph === undefined || ownershipOf(graph.cluster).owner !== 'workload') return undefined;
  return graph.objects;
}
