import { CLUSTER } from '../../../capi/kinds.ts';
import { MANAGEMENT_ANNOTATION } from '../../../lib/apis/ownership.ts';
import { wrapError } from '../../../lib/errors.ts';
import { done, stalled, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { ownedBy, ownershipOf, ownerText } from '../../core/pivot/ownership.ts';
import { ownUid } from '../own-uid.ts';
import type { PivotStep, Scope } from '../scope.ts';
import { isGivenUp } from './adopt.ts';

/**
 * mark writes into a cluster that is adopted whose it is, with a higher epoch: its agent ignores older plans, and
 * another management side leaves it alone. It follows the commit, so that a Pivot that is called off before has changed
 * nothing in the cluster.
 */
export const mark: PivotStep = { name: 'Mark', run };

const RETRY_MS = 5000;

async function run(scope: Scope): Promise<Outcome> {
  const { target, deps, cluster, record } = scope;
  const ref = { ...CLUSTER, ...cluster };
  const root = await wrapError('read the Cluster', target.api.get(ref));
  if (root === undefined) {
    return wait(
      'WaitingForCluster',
      `Waiting for Cluster ${cluster.name} in the cluster`,
      RETRY_MS,
    );
  }
  const { owner, epoch } = ownershipOf(root);
  if (owner !== 'workload') {
    return stalled(
      'OwnerChanged',
      `The owner of the Cluster is ${ownerText(root)}: find out which Pivot or tool changed it`,
    );
  }
  const free = await isGivenUp(scope, root);
  if (free.kind !== 'Done') return free;
  const uid = await ownUid(deps);
  const wanted = Math.max(epoch, record.status.epoch ?? 0);
  if (root.metadata.annotations?.[MANAGEMENT_ANNOTATION] === uid && epoch === wanted) return done;
  const { resourceVersion } = root.metadata;
  const annotations = { ...ownedBy('workload', wanted), [MANAGEMENT_ANNOTATION]: uid };
  const patch = { metadata: { resourceVersion, annotations } };
  await wrapError('mark the Cluster in the cluster', target.api.patch(ref, patch));
  const message = `This side manages the cluster from epoch ${wanted} on; nothing else in it was changed`;
  deps.events.event(record.object, 'Normal', 'PivotAdopted', message);
  return done;
}
