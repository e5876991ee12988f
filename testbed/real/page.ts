import { waitFor } from '@managed-cluster/toolchain';
import { recordIn } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { WEB } from './claim.ts';
import type { Docker } from './docker.ts';
import { exec } from './node.ts';

/** pageOn requests the page of the profile from a node of a cluster, through its Service. */
export async function pageOn(docker: Docker, workload: KubeApi, node: string): Promise<string> {
  const { namespace, name } = WEB;
  const service = await workload.get({ apiVersion: 'v1', kind: 'Service', namespace, name });
  const url = `http://${String(recordIn(service, 'spec')?.['clusterIP'])}/`;
  return waitFor({
    what: `the page to be served on ${node}`,
    timeoutMs: 60_000,
    intervalMs: 500,
    look: () => exec(docker, node, ['curl', '-sf', '--max-time', '5', url]),
  });
}
