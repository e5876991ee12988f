import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { KubeApi } from '../../lib/kube/api.ts';
import { API_PORT, podPrefix, siteAddresses, type SiteName } from '../network/address-plan.ts';
import { CHARTS_HOST } from '../charts/charts.ts';
import type { NodeConfig } from '../node-double/config.ts';
import { builtFile } from '../built-file.ts';
import type { ProcessRequest, WorldContext } from '../world-context.ts';

/** NodeOptions are the site of a node double and its files. */
export interface NodeOptions {
  readonly site: SiteName;
  /** The site's folder. */
  readonly folder: string;
  readonly kubeconfig: string;
  readonly api: KubeApi;
  readonly images: NodeConfig['images'];
}

/** The name of a site's only Node. */
function nodeName(site: SiteName): string {
  return `node-${site}`;
}

/** The process of a site's node double; it is ready when its Node exists. */
export function nodeDoubleRequest(options: NodeOptions, context: WorldContext): ProcessRequest {
  const { site, folder, kubeconfig, api, images } = options;
  const config: NodeConfig = {
    node: nodeName(site),
    site,
    subnet: podPrefix(site),
    apiServer: `${siteAddresses(site).bridge}:${API_PORT}`,
    kubeconfig,
    stateDir: join(folder, 'node'),
    images,
    hosts: [CHARTS_HOST],
  };
  putLogsAside(config.stateDir, join(context.logs, `${site}-pods`));
  const file = join(folder, 'node.json');
  writeFileSync(file, JSON.stringify(config, undefined, 2));
  return {
    name: `${site}-node`,
    namespace: site,
    command: [process.execPath, builtFile('testbed/node-double/main.ts'), file],
    ready: async () =>
      (await api.get({ apiVersion: 'v1', kind: 'Node', name: nodeName(site) })) !== undefined,
  };
}

/** The double writes into `logs` of its folder, but only the world's logs outlive a failure. */
function putLogsAside(stateDir: string, logs: string): void {
  mkdirSync(logs, { recursive: true });
  mkdirSync(stateDir, { recursive: true });
  symlinkSync(logs, join(stateDir, 'logs'));
}
