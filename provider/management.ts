import { readFile } from 'node:fs/promises';
// oxlint-disable-next-line no-restricted-imports -- its own kubeconfig tells where agents connect to
import { type Cluster, KubeConfig } from '@kubernetes/client-node';
import { wrapError, TerminalError } from '../lib/errors.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import { clientFromFile, clientInCluster } from '../lib/kube/client.ts';
import type { ProgramOptions } from './options.ts';

/** USER_AGENT identifies the provider in audit logs. */
export const USER_AGENT = 'managed-cluster-provider';

/** Management is the side that the provider runs on, and how agents reach it. */
export interface Management {
  readonly api: KubeApi;
  /** URL at which agents reach it. */
  readonly endpoint: string;
  /** PEM of the certificate authorities that agents trust for it. */
  readonly authority: string;
}

/**
 * Connects to the management side, for the provider and for agents.
 *
 * @throws TerminalError if an option that agents need is neither set nor known.
 */
export async function connectManagement(options: ProgramOptions): Promise<Management> {
  const { kubeconfig, managementEndpoint, managementAuthorityFile } = options;
  const agent = { userAgent: USER_AGENT };
  const api =
    kubeconfig === undefined
      ? clientInCluster(agent)
      : clientFromFile(kubeconfig, undefined, agent);
  const cluster = clusterOf(kubeconfig);
  return {
    api,
    endpoint: managementEndpoint ?? cluster.server,
    authority: await authorityOf(managementAuthorityFile, cluster),
  };
}

function clusterOf(kubeconfig: string | undefined): Cluster {
  const config = new KubeConfig();
  if (kubeconfig === undefined) config.loadFromCluster();
  else config.loadFromFile(kubeconfig);
  const cluster = config.getCurrentCluster();
  if (cluster !== null) return cluster;
  throw new TerminalError('cannot use the kubeconfig: it has no current context with a cluster');
}

async function authorityOf(
  given: string | undefined,
  { caData, caFile }: Cluster,
): Promise<string> {
  if (given === undefined && caData) return Buffer.from(caData, 'base64').toString('utf8');
  const file = given ?? caFile;
  if (!file) {
    throw new TerminalError(
      'cannot tell agents which certificate authority to trust: the kubeconfig has none; set --management-ca-file',
    );
  }
  const pem = await wrapError(`read the certificate authority in ${file}`, readFile(file, 'utf8'));
  if (pem.includes('-----BEGIN CERTIFICATE-----')) return pem;
  throw new TerminalError(`cannot use ${file}: it contains no PEM certificate`);
}
