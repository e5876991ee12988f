import type { RequestOptions } from 'node:https';
import type { KubeApi } from './api.ts';
import { type Bounds, UNTRUSTED } from './bounds.ts';
import { type Credentials, dialler } from './connection.ts';
import { KubeClient } from './kube-client.ts';
import { transportOver } from './transport.ts';
import type { UntrustedKubeconfig } from './untrusted-kubeconfig.ts';

/** UntrustedClientOptions configure a client. */
export interface UntrustedClientOptions {
  /** Request timeout in milliseconds; 30 000 if absent. It does not limit a watch. */
  readonly timeoutMs?: number;
  readonly userAgent: string;
  /** What an answer may have at most; UNTRUSTED if absent. */
  readonly bounds?: Bounds;
}

/**
 * untrustedClient is a client for the accepted content of an untrusted kubeconfig. It uses no kubeconfig
 * library, so that no library interprets the original text. Its answers are bounded, and count as the time that
 * its caller waits (patience.ts).
 */
export function untrustedClient(
  config: UntrustedKubeconfig,
  { timeoutMs = 30_000, userAgent, bounds = UNTRUSTED }: UntrustedClientOptions,
): KubeApi {
  const credentials = credentialsOf(config);
  const dial = dialler(() => Promise.resolve(credentials), { 'user-agent': userAgent });
  return new KubeClient(transportOver(dial, { timeoutMs, bounds, patient: true }));
}

function credentialsOf(config: UntrustedKubeconfig): Credentials {
  const { server, authority, tlsServerName, token, certificate, key } = config;
  const options: RequestOptions = {
    ...(authority !== undefined && { ca: bytes(authority) }),
    ...(certificate !== undefined && { cert: bytes(certificate) }),
    ...(key !== undefined && { key: bytes(key) }),
    ...(tlsServerName !== undefined && { servername: tlsServerName }),
    // The environment variable NODE_TLS_REJECT_UNAUTHORIZED of Node would otherwise disable verification.
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
