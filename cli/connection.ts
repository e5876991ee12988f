import { readFileSync } from 'node:fs';
import type https from 'node:https';
import type { KubeApi } from '../lib/kube/api.ts';
import { TRUSTED } from '../lib/kube/bounds.ts';
import { dialler, type Credentials } from '../lib/kube/connection.ts';
import { type Kubeconfig, kubeconfigDocument } from '../lib/kube/kubeconfig.ts';
import { KubeClient } from '../lib/kube/kube-client.ts';
import { transportOver } from '../lib/kube/transport.ts';
import { type ClusterEntry, type UserEntry, resolveContext } from './raw-config.ts';

/** USER_AGENT identifies this program in audit logs. */
export const USER_AGENT = 'kubectl-managedcluster';

/** Fields of users and clusters that need no exec plugin, OIDC, proxy or impersonation. */
const STATIC_USER = [
  'token',
  'tokenFile',
  'username',
  'password',
  'client-certificate',
  'client-certificate-data',
  'client-key',
  'client-key-data',
];
const STATIC_CLUSTER = [
  'server',
  'certificate-authority',
  'certificate-authority-data',
  'insecure-skip-tls-verify',
  'tls-server-name',
];

/**
 * connectTo is a client for the caller's own kubeconfig, which may run programs and read files as in
 * kubectl; for any other kubeconfig use lib/kube/untrusted-kubeconfig.ts. Loading the kubeconfig library
 * takes half a second, more than the rest of this program, so it is loaded only for exec plugins, OIDC,
 * proxies and impersonation.
 */
export async function connectTo(config: Kubeconfig, timeoutMs: number): Promise<KubeApi> {
  const { cluster, user } = resolveContext(config);
  if (isStatic(cluster, user)) {
    const credentials = credentialsOf(cluster, user);
    const dial = dialler(() => Promise.resolve(credentials), { 'user-agent': USER_AGENT });
    return new KubeClient(transportOver(dial, { timeoutMs, bounds: TRUSTED }));
  }
  const { clientFromString } = await import('../lib/kube/client.ts');
  return clientFromString(JSON.stringify(kubeconfigDocument(config)), {
    timeoutMs,
    userAgent: USER_AGENT,
  });
}

function isStatic(cluster: ClusterEntry, user: UserEntry): boolean {
  return (
    Object.keys(cluster).every((key) => STATIC_CLUSTER.includes(key)) &&
    Object.keys(user).every((key) => STATIC_USER.includes(key))
  );
}

function credentialsOf(cluster: ClusterEntry, user: UserEntry): Credentials {
  const options = connectionOptions(cluster, user);
  const token = user.token ?? textOf(user.tokenFile)?.trim();
  const { server } = cluster;
  return {
    getCurrentCluster: () => ({ server }),
    applyToHTTPSOptions: (settings) => {
      Object.assign(settings, options);
      if (token !== undefined) {
        settings.headers = Object.assign({}, settings.headers, {
          authorization: `Bearer ${token}`,
        });
      }
      return Promise.resolve();
    },
  };
}

function connectionOptions(cluster: ClusterEntry, user: UserEntry): https.RequestOptions {
  const { username, password = '' } = user;
  return {
    ...(username === undefined ? {} : { auth: `${username}:${password}` }),
    ...given(
      'ca',
      bytesOf(cluster['certificate-authority-data'], cluster['certificate-authority']),
    ),
    ...given('cert', bytesOf(user['client-certificate-data'], user['client-certificate'])),
    ...given('key', bytesOf(user['client-key-data'], user['client-key'])),
    ...given('servername', cluster['tls-server-name']),
    ...(cluster['insecure-skip-tls-verify'] === true ? { rejectUnauthorized: false } : {}),
  };
}

function given(key: string, value: unknown): object {
  return value === undefined ? {} : { [key]: value };
}

/** As in kubectl, base64 data takes precedence over a file. */
function bytesOf(data: string | undefined, file: string | undefined): Buffer | undefined {
  if (data !== undefined && data !== '') return Buffer.from(data, 'base64');
  return file === undefined || file === '' ? undefined : readFileSync(file);
}

function textOf(file: string | undefined): string | undefined {
  return file === undefined ? undefined : readFileSync(file, 'utf8');
}
