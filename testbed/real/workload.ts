import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { waitFor } from '@managed-cluster/toolchain';
import type { KubeApi } from '../../lib/kube/api.ts';
import { clientFromFile } from '../../lib/kube/client.ts';
import type { WorldContext } from '../world-context.ts';
import type { RealCluster } from './management.ts';

/** The cluster to access from outside. */
interface Claimed {
  readonly namespace: string;
  readonly name: string;
}

/** workloadCluster waits for the kubeconfig from Cluster API, and for its API server. */
export async function workloadCluster(
  { folder }: Pick<WorldContext, 'folder'>,
  management: KubeApi,
  { namespace, name }: Claimed,
): Promise<RealCluster> {
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace, name: `${name}-kubeconfig` };
  const text = await waitFor({
    what: `the kubeconfig of ${name}`,
    timeoutMs: 300_000,
    intervalMs: 500,
    look: async () => {
      const data = (await management.get(ref))?.['data'] as Record<string, string> | undefined;
      return data?.['value'];
    },
  });
  const kubeconfig = join(folder, `${name}.kubeconfig`);
  writeFileSync(kubeconfig, Buffer.from(text, 'base64'), { mode: 0o600 });
  const api = clientFromFile(kubeconfig);
  await waitFor({
    what: `the API server of ${name} to answer`,
    timeoutMs: 300_000,
    intervalMs: 500,
    look: () => api.raw('GET', '/version'),
  });
  return { name, api, kubeconfig };
}
