import { waitFor } from '@managed-cluster/toolchain';
import { CLUSTER_PLAN, PIVOT } from '../../lib/apis/kinds.ts';
import { isTrue } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import type { KubeApi, ObjectRef } from '../../lib/kube/api.ts';

const MACHINE = { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Machine' } as const;

/** POOL is the node pool of examples/dev. */
export const POOL = 'workers';

/** Theatre is both sides and the claim of a demo. */
export interface Theatre {
  readonly management: KubeApi;
  readonly workload: KubeApi;
  /** What the user applied. */
  readonly claim: ObjectRef;
}

/** Timeout of the acts with fake machines. */
const PATIENCE_MS = 170_000;

/** untilOperational waits until the claim is Operational and Ready; the default timeout is three minutes. */
export async function untilOperational(
  { management, claim }: Pick<Theatre, 'management' | 'claim'>,
  timeoutMs = PATIENCE_MS,
): Promise<KubeObject> {
  return waitFor({
    what: `${claim.kind} ${claim.name} to be Operational and Ready`,
    timeoutMs,
    intervalMs: 100,
    look: async () => {
      const object = await management.get(claim);
      return isTrue(object, 'Operational') && isTrue(object, 'Ready') ? object : undefined;
    },
  });
}

/** unmanagedMilliseconds is how long neither side reconciled the cluster during its pivot. */
export async function unmanagedMilliseconds({
  management,
  claim,
}: Pick<Theatre, 'management' | 'claim'>): Promise<unknown> {
  const { namespace = '', name } = claim;
  const pivot = await management.get({ ...PIVOT, namespace, name });
  return recordIn(pivot, 'status')?.['unmanagedMilliseconds'];
}

/** scaleInside changes the size of the pool in the cluster's own copy of its plan. */
export async function scaleInside({ workload, claim }: Theatre, replicas: number): Promise<void> {
  const { items } = await workload.list(CLUSTER_PLAN);
  const plan = items.find(({ metadata }) => metadata.name === claim.name);
  if (plan === undefined) throw new Error(`cannot find the plan of ${claim.name} inside`);
  const { namespace = '', name = '' } = plan.metadata;
  await workload.patch({ ...CLUSTER_PLAN, namespace, name }, [
    { op: 'replace', path: '/spec/cluster/nodePools/0/replicas', value: replicas },
  ]);
}

/** scaleClaim changes the size of the pool in the claim. */
export async function scaleClaim({ management, claim }: Theatre, replicas: number): Promise<void> {
  await management.patch(claim, [
    { op: 'replace', path: '/spec/nodePools/0/replicas', value: replicas },
  ]);
}

/** machinesInside waits until the cluster has a number of Machines, all with a ready Node. */
export async function machinesInside(
  { workload, claim }: Theatre,
  count: number,
  timeoutMs = PATIENCE_MS,
): Promise<void> {
  await waitFor({
    what: `${count} ready Machines in ${claim.name}`,
    timeoutMs,
    intervalMs: 100,
    look: async () => {
      const { items } = await workload.list({ ...MACHINE, namespace: claim.namespace ?? '' });
      return items.length === count && items.every((one) => isTrue(one, 'Ready'))
        ? true
        : undefined;
    },
  });
}

/** reported waits until the claim shows a number of ready workers, for example `3/3`. */
export async function reported({ management, claim }: Theatre, workers: string): Promise<void> {
  await waitFor({
    what: `${claim.kind} ${claim.name} to show ${workers} workers`,
    timeoutMs: 120_000,
    intervalMs: 100,
    look: async () => {
      const status = recordIn(await management.get(claim), 'status');
      return status?.['workers'] === workers ? true : undefined;
    },
  });
}

/** deleteClaim deletes it as kubectl does, and waits until it is gone. */
export async function deleteClaim(
  { management, claim }: Pick<Theatre, 'management' | 'claim'>,
  timeoutMs = PATIENCE_MS,
): Promise<void> {
  await management.delete(claim);
  await waitFor({
    what: `${claim.kind} ${claim.name} to be gone`,
    timeoutMs,
    intervalMs: 100,
    look: async () => ((await management.get(claim)) === undefined ? true : undefined),
  });
}
