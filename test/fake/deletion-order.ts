import type { KubeObject } from '../../lib/core/object.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import { CLUSTER_NAME } from './cluster.ts';
import type { FakeApiServer } from './api-server.ts';

/** LEVELS are workers, the control plane, the infrastructure: in this order (CAPI v1.14 reconcileDelete). */
export const LEVELS: readonly ((object: KubeObject) => boolean)[] = [
  ({ kind, metadata }) => /^(Machine|DevMachine|KubeadmConfig)/.test(kind) && isWorker(metadata),
  ({ kind }) => ['KubeadmControlPlane', 'Machine', 'DevMachine', 'KubeadmConfig'].includes(kind),
  ({ kind }) => kind === 'DevCluster',
];

function isWorker({ name = '' }: KubeObject['metadata']): boolean {
  return name.startsWith(`${CLUSTER_NAME}-md`);
}

/** take deletes, and lets go. Fails while the guard refuses. */
export async function take(server: FakeApiServer, object: KubeObject): Promise<void> {
  await server.delete(refOf(object));
  await server.patch(refOf(object), { metadata: { finalizers: [] } }).catch(() => undefined);
}
