import type { RequestOptions } from 'node:https';
import type { KubeApi } from './api.ts';
import { type Credentials, dialler } from './connection.ts';
import { KubeClient } from './kube-client.ts';
import { transportOver } from './transport.ts';
import type { UntrustedKubeconfig } from './untrusted-kubeconfig.ts';

/** UntrustedClientOptions bound what a client's requests may cost, and say who asks. */
export interface UntrustedClientOptions {
  /** Milliseconds until a request is given up; 30 000 when absent. A watch lives longer. */
  readonly timeoutMs?: number;
  readonly userAgent: string;
}

/**
 * untrustedClient is a client by what was taken from a kubeconfig of somebody else. It needs no library
 * for kubeconfigs: there is nothing left for one to interpret.
 */
export function untrustedClient(
  config: UntrustedKubeconfig,
  { timeoutMs = 30_000, userAgent }: UntrustedClientOptions,
): KubeApi {
  const credentials = credentialsOf(config);
  const dial = dialler(() => Promise.resolve(credentials), { 'user-agent': userAgent });
  return new KubeClient(transportOver(dial, timeoutMs));
}

function credentialsOf(config: UntrustedKubeconfig): Credentials {
  const { server, authority, tlsServerName, token, certificate, key } = config;
  const options: RequestOptions = {
    ...(authority !== undefined && { ca: bytes(authority) }),
    ...(certificate !== undefined && { cert: bytes(certificate) }),
    ...(key !== undefined && { key: bytes(key) }),
    ...(tlsServerName !== undefined && { servername: tlsServerName }),
    // Of Node's own variables, NODE_TLS_REJECT_UNAUTHORIZED would turn this off.
    rejectUnauthorized: true,
  };
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return {
    getCurrentCluster: () => ({ server }),
    applyToHTTPSOptions: (settings) => {
      Object.assign(settings, options, {
        headers: Object.assign({}, settings.headers, headers),
      });
      return Promise.resolve();
    },
  };
}

function bytes(base64: string): Buffer {
  return Buffer.from(base64, 'base64');
}
