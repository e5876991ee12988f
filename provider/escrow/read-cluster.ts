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
 * readCluster reads what a pivot would take back: the objects of a cluster that has itself. Undefined
 * while it is not its own, because then a pivot is under way and nothing is settled.
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
