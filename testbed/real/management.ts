import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@managed-cluster/toolchain';
import { isTrue } from '../../lib/core/conditions.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { clientFromFile } from '../../lib/kube/client.ts';
import type { WorldContext } from '../world-context.ts';
import { ADDRESSES, API_PORT } from './addresses.ts';
import type { Docker } from './docker.ts';
import type { Engine } from './engine.ts';
import { kubeadmConfig } from './kubeadm.ts';
import { exec, runNode } from './node.ts';
import { podNetwork } from './pod-network.ts';
import { kubernetesVersion, nodeImage } from './prepared.ts';

/** RealCluster is the access to a cluster of real nodes from outside. */
export interface RealCluster {
  readonly name: string;
  readonly api: KubeApi;
  /** File with the kubeconfig of an administrator. */
  readonly kubeconfig: string;
}

/** MANAGEMENT is the name of the management side's only node. */
export const MANAGEMENT = 'managed-cluster-management';

/** startManagement creates the management side: one kubeadm node with the CNI of the world. */
export async function startManagement(context: WorldContext, engine: Engine): Promise<RealCluster> {
  const { docker, socket } = engine;
  const address = ADDRESSES.management;
  await runNode(docker, { name: MANAGEMENT, image: nodeImage(), address, socket });
  await awaitContainerd(docker);
  const config = kubeadmConfig({ name: MANAGEMENT, version: kubernetesVersion(), address });
  const file = join(context.folder, 'kubeadm.yaml');
  writeFileSync(file, config);
  await docker(['cp', file, `${MANAGEMENT}:/kubeadm.yaml`]);
  const init = await exec(docker, MANAGEMENT, ['kubeadm', 'init', '--config', '/kubeadm.yaml']);
  writeFileSync(join(context.logs, 'kubeadm-init.log'), init);
  const kubeconfig = join(context.folder, 'management.kubeconfig');
  const text = await exec(docker, MANAGEMENT, ['cat', '/etc/kubernetes/admin.conf']);
  writeFileSync(kubeconfig, text, { mode: 0o600 });
  const api = clientFromFile(kubeconfig);
  context.emit(`management: kubeadm has started the API server at ${address}:${API_PORT}`);
  await Promise.all(
    podNetwork().map((object) => api.apply(object, { fieldManager: 'world', force: true })),
  );
  await nodeReady(api);
  context.emit('management: the node is ready');
  return { name: MANAGEMENT, api, kubeconfig };
}

async function awaitContainerd(docker: Docker): Promise<void> {
  await waitFor({
    what: `containerd to run in ${MANAGEMENT}`,
    timeoutMs: 60_000,
    intervalMs: 200,
    look: async () => {
      await exec(docker, MANAGEMENT, ['ctr', 'version']);
      return true;
    },
    hint: `docker logs ${MANAGEMENT}`,
  });
}

async function nodeReady(api: KubeApi): Promise<void> {
  await waitFor({
    what: 'the node of the management side to be Ready',
    timeoutMs: 120_000,
    intervalMs: 200,
    look: async () => {
      const { items } = await api.list({ apiVersion: 'v1', kind: 'Node' });
      return isTrue(items[0], 'Ready') ? true : undefined;
    },
  });
}
