import { readFile } from 'node:fs/promises';
import type { RequestOptions } from 'node:https';
import { join } from 'node:path';
import type { KubeApi } from './api.ts';
import { type Bounds, TRUSTED } from './bounds.ts';
import { type Credentials, dialler } from './connection.ts';
import { KubeClient } from './kube-client.ts';
import { transportOver } from './transport.ts';

/** TokenAccess is the access to an API server with a bearer token. */
export interface TokenAccess {
  /** URL of the API server. */
  readonly server: string;
  /** PEM of the certificate authority of the server; undefined: the authorities that Node trusts. */
  readonly authority: string | undefined;
  readonly token: string;
}

/** TokenClientOptions configure a client. */
export interface TokenClientOptions {
  /** Request timeout in milliseconds; 30 000 if absent. It does not limit a watch. */
  readonly timeoutMs?: number;
  readonly userAgent: string;
  /** User to impersonate in every request (`system:serviceaccount:<namespace>:<name>`). */
  readonly impersonate?: string;
  /** Removes `managedFields` from watched objects, which halves the memory of a cache. */
  readonly slimWatches?: boolean;
  /** What an answer may have at most; TRUSTED if absent. */
  readonly bounds?: Bounds;
}

/** SERVICE_ACCOUNT_FOLDER contains the token of a Pod and the certificate authority of its API server. */
export const SERVICE_ACCOUNT_FOLDER = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * A client with a bearer token that does not need @kubernetes/client-node, whose import alone costs 70 MiB
 * (facts/performance.md 5). `access` is called for each request, so that a renewed token is used.
 */
export function clientByToken(
  access: () => Promise<TokenAccess>,
  options: TokenClientOptions,
): KubeApi {
  const {
    userAgent,
    impersonate,
    timeoutMs = 30_000,
    slimWatches = false,
    bounds = TRUSTED,
  } = options;
  const headers = {
    'user-agent': userAgent,
    ...(impersonate === undefined ? {} : { 'impersonate-user': impersonate }),
  };
  const dial = dialler(async () => credentials(await access()), headers);
  return new KubeClient(transportOver(dial, { timeoutMs, bounds }), { slimWatches });
}

/**
 * The access to the API server of the cluster that this process runs in, with the ServiceAccount of its
 * Pod. The files are read each time, because the kubelet replaces the token before it expires.
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
