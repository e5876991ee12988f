import type { KubeObject } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { graphOf } from '../core/pivot/graph.ts';
import { moveTypes, typeKey } from '../core/pivot/move-types.ts';
import { ownershipOf } from '../core/pivot/ownership.ts';
import { believed } from '../core/handover/belief.ts';
import { ruleOf } from '../core/handover/kinds.ts';
import { recordedTypes, type HandoverRecord } from '../core/handover/record.ts';
import { cloudNamed } from '../../capi/clouds/index.ts';
import { crdsOf } from '../pivot/crds.ts';
import { listAll } from '../pivot/objects.ts';

/**
 * readCluster reads the objects of a self-managed cluster that a pivot would take back: what the record of the
 * handover explains. Undefined while the
 * cluster does not own itself, because a pivot is then in progress.
 */
export async function readCluster(
  workload: KubeApi,
  record: HandoverRecord,
  provider: string | undefined,
): Promise<readonly KubeObject[] | undefined> {
  const { namespace, name } = record;
  const recorded = recordedTypes(record);
  const types = moveTypes(await crdsOf(workload, workload), cloudNamed(provider)?.movesAlso).filter(
    (type) => ruleOf(typeKey(type), recorded) !== undefined,
  );
  const all = await wrapError(`read cluster ${name}`, listAll(workload, types, namespace));
  const graph = graphOf(name, believed(all, { record, claimed: new Set() }).objects);
  if (graph === undefined || ownershipOf(graph.cluster).owner !== 'workload') return undefined;
  return graph.objects;
}
