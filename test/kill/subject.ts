import { waitFor } from '@managed-cluster/toolchain';
import { nodePool } from '../../capi/node-pool.ts';
import { firstControlPlane } from '../../capi/expansion.ts';
import { aCluster, objectsOf } from '../../capi/testing/clusters.ts';
import { isTrue } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import type { KubeApi, TypeRef } from '../../lib/kube/api.ts';

/** Subject is a cluster of pretend machines that is handed over again and again. */
export interface Subject {
  /** Name of the Cluster and of its namespace. */
  readonly name: string;
  readonly workers: number;
}

/** SUBJECT_NAMESPACE is how all namespaces of subjects are named. */
export const SUBJECT_NAMESPACE = /^(?:ctl|k|p|t)-/;

const CORE = 'cluster.x-k8s.io/v1beta2';
const CONTROL_PLANE = {
  apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
  kind: 'KubeadmControlPlane',
};
export const CLUSTER = { apiVersion: CORE, kind: 'Cluster' } as const;
export const MACHINE = { apiVersion: CORE, kind: 'Machine' } as const;

/** MOVED are the kinds that belong to a subject, besides its Secrets. */
export const MOVED: readonly TypeRef[] = [
  CLUSTER,
  MACHINE,
  { apiVersion: CORE, kind: 'MachineDeployment' },
  { apiVersion: CORE, kind: 'MachineSet' },
  CONTROL_PLANE,
  { apiVersion: 'bootstrap.cluster.x-k8s.io/v1beta2', kind: 'KubeadmConfig' },
  { apiVersion: 'bootstrap.cluster.x-k8s.io/v1beta2', kind: 'KubeadmConfigTemplate' },
  { apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2', kind: 'DevCluster' },
  { apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2', kind: 'DevMachine' },
  { apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2', kind: 'DevMachineTemplate' },
];

/** makeSubject creates the cluster as the function and the agent would. */
export async function makeSubject(api: KubeApi, { name, workers }: Subject): Promise<void> {
  const metadata = { name };
  await api.apply({ apiVersion: 'v1', kind: 'Namespace', metadata }, { fieldManager: 'kill' });
  const pools = workers === 0 ? [] : [{ name: 'workers', replicas: workers }];
  const input = aCluster('docker', {
    cloud: { docker: { backend: 'inMemory' } },
    controlPlane: { replicas: 1 },
    nodePools: pools,
  });
  const own = { ...input, name, namespace: name };
  const workerObjects = own.spec.nodePools.flatMap((pool) => nodePool(own, pool));
  for (const object of [...objectsOf(firstControlPlane(own)), ...workerObjects]) {
    // oxlint-disable-next-line no-await-in-loop -- what is referred to comes first
    await api.apply(object, { fieldManager: 'kill', force: true });
  }
}

/** operational waits until all machines of a subject are Ready and nothing is on its way. */
export async function operational(
  api: KubeApi,
  { name, workers }: Subject,
  timeoutMs = 180_000,
): Promise<void> {
  await waitFor({
    what: `cluster ${name} to be operational`,
    timeoutMs,
    intervalMs: 250,
    look: async () => {
      const [machines, planes] = await Promise.all([
        api.list({ ...MACHINE, namespace: name }),
        api.list({ ...CONTROL_PLANE, namespace: name }),
      ]);
      const ready = machines.items.filter((machine) => isTrue(machine, 'Ready'));
      const isAvailable = planes.items.every(
        (plane) => isTrue(plane, 'Available') && recordIn(plane, 'status')?.['readyReplicas'] === 1,
      );
      return isAvailable && ready.length === workers + 1 && machines.items.length === ready.length
        ? true
        : undefined;
    },
  });
}

/** machinesOf are the Machines of a subject on one side: name and providerID, in order. */
export async function machinesOf(api: KubeApi, { name }: Subject): Promise<readonly string[]> {
  const { items } = await api.list({ ...MACHINE, namespace: name });
  return items
    .map((machine) => {
      const providerID = recordIn(machine, 'spec')?.['providerID'];
      return `${machine.metadata.name} ${typeof providerID === 'string' ? providerID : '-'}`;
    })
    .toSorted();
}

/** Inventory is what there is of a subject on one side. */
export interface Inventory {
  /** All objects that move, Secrets of Cluster API too. */
  readonly objects: readonly KubeObject[];
  /** Whether its Cluster is paused; undefined without one. */
  readonly paused: boolean | undefined;
}

/** inventory takes stock of a subject on one side. */
export async function inventory(api: KubeApi, { name }: Subject): Promise<Inventory> {
  const secrets = { apiVersion: 'v1', kind: 'Secret' };
  const lists = await Promise.all(
    [...MOVED, secrets].map((type) => api.list({ ...type, namespace: name })),
  );
  const objects = lists.flatMap(({ items }) => items).filter(isOfClusterApi);
  const cluster = objects.find(({ kind }) => kind === 'Cluster');
  return { objects, paused: cluster && recordIn(cluster, 'spec')?.['paused'] === true };
}

function isOfClusterApi({ kind, type }: KubeObject): boolean {
  return kind !== 'Secret' || type === 'cluster.x-k8s.io/secret';
}
