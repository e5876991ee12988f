import { readFile } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import type { BoundedText } from './bounded-text.ts';

/** ApiRequest is one request; the path includes the query. */
export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
  /** Content type of the body; `application/json` if absent. */
  readonly contentType?: string;
  /** Creates what collects the body of each answer; without it, the bounds of one object apply. */
  readonly into?: () => BoundedText;
}

/**
 * Credentials define the API server and the identity; a KubeConfig of @kubernetes/client-node implements
 * them.
 */
export interface Credentials {
  getCurrentCluster(): { readonly server: string; readonly proxyUrl?: string } | null;
  applyToHTTPSOptions(options: https.RequestOptions): Promise<void>;
}

/** Dial sends a request and resolves when the response headers have arrived. */
export type Dial = (request: ApiRequest, signal: AbortSignal) => Promise<http.IncomingMessage>;

/** StaleSocketError says that the server had closed a kept-alive connection just before it was reused. */
export class StaleSocketError extends Error {}

/** Less than the 90 s after which kube-apiserver closes an idle connection. */
const IDLE_SOCKET_MS = 60_000;

/**
 * Kept-alive connections for credentials, which are read for each request so that rotated tokens and
 * certificates are used.
 */
export function dialler(
  source: () => Promise<Credentials>,
  headers: Readonly<Record<string, string>>,
): Dial {
  const plain = new http.Agent({ keepAlive: true, timeout: IDLE_SOCKET_MS });
  const secure = new https.Agent({ keepAlive: true, timeout: IDLE_SOCKET_MS });
  return async (request, signal) => {
    const config = await source();
    const cluster = config.getCurrentCluster();
    if (cluster === null) {
      throw new Error('cannot connect: the kubeconfig has no current context with a cluster');
    }
    const settings: https.RequestOptions = { headers: { ...headers } };
    await config.applyToHTTPSOptions(settings);
    const url = new URL(cluster.server.replace(/\/+$/, '') + request.path);
    const { request: send } = url.protocol === 'http:' ? http : https;
    // The agent of the library supports proxies but does not keep connections alive.
    if (cluster.proxyUrl === undefined) settings.agent = send === http.request ? plain : secure;
    settings.method = request.method;
    settings.signal = signal;
    return exchange(send(url, settings), request);
  };
}

/** A source that parses a kubeconfig file again when its content changes. */
export function configFile<Config>(
  path: string,
  load: (text: string) => Config,
): () => Promise<Config> {
  let last: { readonly text: string; readonly config: Config } | undefined;
  return async () => {
    const text = await readFile(path, 'utf8');
    if (last?.text !== text) last = { text, config: load(text) };
    return last.config;
  };
}

function exchange(
  request: http.ClientRequest,
  { body, contentType }: ApiRequest,
): Promise<http.IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.on('response', resolve);
    request.on('error', (error: NodeJS.ErrnoException) => {
      const stale = request.reusedSocket && error.code === 'ECONNRESET';
      reject(stale ? new StaleSocketError(error.message, { cause: error }) : error);
    });
    request.setHeader('accept', 'application/json');
    // A compressed answer could be small on the wire and large in memory.
    request.setHeader('accept-encoding', 'identity');
    if (body === undefined) {
      request.end();
      return;
    }
    const bytes = Buffer.from(JSON.stringify(body));
    request.setHeader('content-type', contentType ?? 'application/json');
    // Node sends no Content-Length with DELETE by default, and kube-apiserver then ignores the options in
    // the body and returns 200 (observed).
    request.setHeader('content-length', bytes.length);
    request.end(bytes);
  });
}
