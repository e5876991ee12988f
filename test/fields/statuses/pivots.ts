import { PIVOT } from '../../../lib/apis/kinds.ts';
import type { PivotStatus } from '../../../lib/apis/pivot.generated.ts';
import { CLUSTER_NAME, NAMESPACE } from '../../fake/cluster.ts';
import { done, fenced, world } from '../../fake/scenes.ts';
import { PIVOT_NAME, type FakeWorld } from '../../fake/world.ts';

const CLUSTER = {
  apiVersion: 'cluster.x-k8s.io/v1beta2',
  kind: 'Cluster',
  namespace: NAMESPACE,
  name: CLUSTER_NAME,
};

/** pivotStatuses are those of a Pivot that waits and then commits, pass by pass, and of one that is given up. */
export async function pivotStatuses(): Promise<readonly PivotStatus[]> {
  const committing = await world(true, 1);
  await committing.management.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `${CLUSTER_NAME}-notes`, namespace: NAMESPACE },
  });
  await committing.management.patch(CLUSTER, { spec: { paused: true } });
  await committing.pivot();
  const waiting = await followed(committing);
  await committing.management.patch(CLUSTER, { spec: { paused: false } });
  const aborting = await fenced();
  await aborting.management.patch(
    { ...PIVOT, namespace: NAMESPACE, name: PIVOT_NAME },
    { spec: { abort: true } },
  );
  return [...waiting, ...(await followed(committing)), ...(await followed(aborting))];
}

async function followed(pretend: FakeWorld): Promise<readonly PivotStatus[]> {
  const seen: PivotStatus[] = [];
  await pretend.run((pivot) => {
    if (pivot.status !== undefined) seen.push(pivot.status);
    return done(pivot) || pivot.status?.phase === 'Aborted';
  });
  return seen;
}
