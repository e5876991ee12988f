import { waitFor } from '@managed-cluster/toolchain';
import { firstControlPlane, scaledControlPlane } from '../../../capi/expansion.ts';
import { nodePool } from '../../../capi/node-pool.ts';
import { aCluster, objectsOf } from '../../../capi/testing/clusters.ts';
import { firstUnmet, G2 } from '../../../capi/gates.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';

/** ClusterSize is how many machines a pretend cluster has. */
export interface ClusterSize {
  readonly controlPlanes: 1 | 3;
  readonly workers: number;
}

const INSTANT = { cloud: { docker: { backend: 'inMemory', startupDuration: '1s' } } };

/** makeCluster makes a pretend cluster that Crossplane has nothing to do with, in a namespace of its own name. */
export async function makeCluster(api: KubeApi, name: string, size: ClusterSize): Promise<void> {
  const input = {
    ...aCluster('docker', {
      ...INSTANT,
      controlPlane: { replicas: size.controlPlanes },
      nodePools: size.workers === 0 ? [] : [{ name: 'workers', replicas: size.workers }],
    }),
    name,
    namespace: name,
  };
  await api.apply(namespaceOf(name), { fieldManager: 'e2e' });
  const expansion = size.controlPlanes === 1 ? firstControlPlane(input) : scaledControlPlane(input);
  const pools = input.spec.nodePools.flatMap((pool) => nodePool(input, pool));
  const objects = [...objectsOf(expansion), ...pools];
  await Promise.all(objects.map((object) => api.apply(object, { fieldManager: 'e2e' })));
}

/** namespaceOf is a namespace. */
export function namespaceOf(name: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

const CAPI = 'cluster.x-k8s.io/v1beta2';
const KCP = { apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2', kind: 'KubeadmControlPlane' };

/** operational waits until gate G2 is open, but for an agent, and all workers are there. */
export async function operational(api: KubeApi, name: string, size: ClusterSize): Promise<void> {
  const gate = { ...G2, predicates: G2.predicates.slice(1) };
  await waitFor({
    what: `cluster ${name} to be operational`,
    timeoutMs: 170_000,
    intervalMs: 300,
    look: async () => {
      const cluster = await api.get({ apiVersion: CAPI, kind: 'Cluster', namespace: name, name });
      const [controlPlane] = (await api.list({ ...KCP, namespace: name })).items;
      const machines = await machinesOf(api, name);
      const view = { cluster, controlPlane, machines };
      const unmet = firstUnmet(gate, view);
      if (unmet !== undefined) throw new Error(unmet.waitingFor(view));
      return machines.length === size.controlPlanes + size.workers ? true : undefined;
    },
  });
}

/** machinesOf are the Machines in the namespace of a cluster. */
export async function machinesOf(api: KubeApi, name: string): Promise<readonly KubeObject[]> {
  return (await api.list({ apiVersion: CAPI, kind: 'Machine', namespace: name })).items;
}

/** identities are what a pivot must not change: Machines by name and providerID, and the authority. */
export async function identities(api: KubeApi, name: string): Promise<readonly string[]> {
  const machines = await machinesOf(api, name);
  const secret = { apiVersion: 'v1', kind: 'Secret', namespace: name, name: `${name}-ca` };
  const authority = await api.get(secret);
  return [
    ...machines
      .map((m) => `${m.metadata.name} ${String(recordIn(m, 'spec')?.['providerID'])}`)
      .toSorted(),
    String(recordIn(authority, 'data')?.['tls.crt']),
  ];
}
