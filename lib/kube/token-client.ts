import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { join } from 'node:path';
import type { KubeApi } from './api.ts';
import { type Credentials, dialler } from './connection.ts';
import { KubeClient } from './kube-client.ts';
import { transportOver } from './transport.ts';

/** TokenAccess is a way to an API server by a bearer token. */
export interface TokenAccess {
  /** URL of the API server. */
  readonly server: string;
  /** PEM of the authority that signed its certificate; undefined: those that Node trusts. */
  readonly authority: string | undefined;
  readonly token: string;
}

/** TokenClientOptions bound what a client may cost, and say who asks. */
export interface TokenClientOptions {
  /** Milliseconds until a request is given up; 30 000 when absent. A watch lives longer. */
  readonly timeoutMs?: number;
  readonly userAgent: string;
  /** User as whom every request is made (`system:serviceaccount:<namespace>:<name>`). */
  readonly impersonate?: string;
  /** Leaves `managedFields` out of what is watched: half of the memory of a cache. */
  readonly slimWatches?: boolean;
}

/** SERVICE_ACCOUNT_FOLDER is where a Pod finds its token and the authority of its API server. */
export const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * A client by bearer token that does not need @kubernetes/client-node, whose import alone costs 70 MiB
 * (facts/performance.md 5). `access` is asked with each request, so that a renewed token is used.
 */
export function clientByToken(
  access: () => Promise<TokenAccess>,
  options: TokenClientOptions,
): KubeApi {
  const { userAgent, impersonate, timeoutMs = 30_000, slimWatches = false } = options;
  const headers = {
    'user-agent': userAgent,
    ...(impersonate === undefined ? {} : { 'impersonate-user': impersonate }),
  };
  const dial = dialler(async () => credentials(await access()), headers);
  return new KubeClient(transportOver(dial, timeoutMs), { slimWatches });
}

/**
 * The way to the API server of the cluster that this process runs in, by its Pod's ServiceAccount. The
 * files are read each time: the kubelet replaces the token before it expires.
 */
export function inClusterAccess(folder = SERVICE_ACCOUNT_FOLDER): () => Promise<TokenAccess> {
  const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port = '443' } = process.env;
  if (host === undefined) {
    throw new Error('cannot find the API server: KUBERNETES_SERVICE_HOST is not set; run in a Pod');
  }
  const server = `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return async () => {
    const [token, authority] = await Promise.all(
      ['token', 'ca.crt'].map((name) => readFile(join(folder, name), 'utf8')),
    );
    return { server, authority, token: (token ?? '').trim() };
  };
}

function credentials({ server, authority, token }: TokenAccess): Credentials {
  return {
    getCurrentCluster: () => ({ server }),
    applyToHTTPSOptions(options: RequestOptions): Promise<void> {
      if (authority !== undefined) options.ca = authority;
      options.headers = Object.assign({}, options.headers, { authorization: `Bearer ${token}` });
      return Promise.resolve();
    },
  };
}
