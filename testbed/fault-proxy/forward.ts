import http, { type IncomingMessage, type OutgoingHttpHeaders } from 'node:http';
import https from 'node:https';
import type { ClientCredentials } from '../kubeconfig.ts';

/** Forwarder forwards requests to the API server. */
export interface Forwarder {
  /** Resolves with the headers of the response; its body is a stream. */
  send(request: IncomingMessage, body: Buffer, signal: AbortSignal): Promise<IncomingMessage>;
  close(): void;
}

/** Below the 90 s after which kube-apiserver closes an idle connection. */
const IDLE_SOCKET_MS = 60_000;

/** Hop-by-hop headers (RFC 9110 7.6.1), and headers that the proxy sets. */
const OWN: readonly string[] = [
  'connection',
  'keep-alive',
  'transfer-encoding',
  'te',
  'trailer',
  'upgrade',
  'host',
  'content-length',
];

/** createForwarder keeps its connections to the server alive. */
export function createForwarder(
  target: { readonly url: string; readonly authority: { readonly certificate: string } },
  credentials: ClientCredentials | undefined,
): Forwarder {
  const own = credentials !== undefined && 'certificate' in credentials ? credentials : undefined;
  const secure = new https.Agent({
    keepAlive: true,
    timeout: IDLE_SOCKET_MS,
    ca: target.authority.certificate,
    ...(own && { cert: own.certificate, key: own.privateKey }),
  });
  const plain = new http.Agent({ keepAlive: true, timeout: IDLE_SOCKET_MS });
  const base = new URL(target.url);
  const { request: ask } = base.protocol === 'http:' ? http : https;
  const agent = base.protocol === 'http:' ? plain : secure;
  return {
    send: (incoming, body, signal) =>
      new Promise((resolve, reject) => {
        const headers = headersOf(incoming, body, credentials);
        const { method, url: path } = incoming;
        const { hostname: host, port } = base;
        const request = ask({ agent, host, port, method, path, headers, signal });
        request.on('response', resolve);
        request.on('error', reject);
        request.end(body);
      }),
    close() {
      plain.destroy();
      secure.destroy();
    },
  };
}

function headersOf(
  { headers }: IncomingMessage,
  body: Buffer,
  credentials: ClientCredentials | undefined,
): OutgoingHttpHeaders {
  const kept: OutgoingHttpHeaders = endToEnd(headers);
  if (body.length > 0) kept['content-length'] = body.length;
  if (credentials === undefined) return kept;
  delete kept['authorization'];
  if ('token' in credentials) kept['authorization'] = `Bearer ${credentials.token}`;
  return kept;
}

/** endToEnd are the headers that a proxy forwards. */
export function endToEnd(headers: IncomingMessage['headers']): OutgoingHttpHeaders {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !OWN.includes(name)));
}
