import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import type { Registry } from 'prom-client';
import { codeOf, messageOf, TerminalError } from '../errors.ts';
import type { Logger } from '../log.ts';
import { type CertificateFiles, readCertificates } from './certificates.ts';
import { type CertificateWatch, watchCertificates } from './certificate-watch.ts';

/** Answer is the response of a path. */
export interface Answer {
  readonly code: number;
  readonly type: string;
  readonly body: string;
}

/** Asked is the part of a request that a path looks at. */
export interface Asked {
  /** The header `Authorization`. */
  readonly authorization: string | undefined;
}

/** Routes map the paths of a server to their GET handlers. */
export type Routes = Readonly<Record<string, (asked: Asked) => Promise<Answer>>>;

/** Guard refuses a request with an answer, or lets it through with undefined. It never throws. */
export type Guard = (asked: Asked) => Promise<Answer | undefined>;

/** Check checks one thing: undefined if it is healthy, else a message. */
export type Check = () => string | undefined;

/** Listening is where and how a server listens. */
export interface Listening {
  /** 0 lets the system choose one. */
  readonly port: number;
  /** Absent: every interface. */
  readonly host?: string;
  /** Directory of certificates, which are watched; absent: plain HTTP. */
  readonly tls?: { readonly dir: string } | undefined;
  /** More are closed at once; absent: no limit. */
  readonly mostConnections?: number;
  /** For what happens while it listens. */
  readonly log: Logger;
}

/** DiagnosticsServer is a server that listens on a port. */
export interface DiagnosticsServer {
  /** The port that is actually bound. */
  readonly port: number;
  close(): Promise<void>;
}

/** TEXT is the content type of a sentence. */
export const TEXT = 'text/plain; charset=utf-8';

/** As the listener of the function: a client that does not begin must not hold a socket for two minutes. */
const HANDSHAKE_MS = 10_000;

/**
 * MOST_SCRAPERS limits the connections for metrics: clients of which nobody knows who they are must not take the sockets of
 * the program. Health has no limit, or they would keep the kubelet out, which then ends the program.
 */
export const MOST_SCRAPERS = 64;

/** The path `/metrics` in the Prometheus text format, for everybody whom the guard lets through. */
export function metricsRoutes(registry: Registry, guard?: Guard): Routes {
  return {
    '/metrics': async (asked) =>
      (await guard?.(asked)) ?? {
        code: 200,
        type: registry.contentType,
        body: await registry.metrics(),
      },
  };
}

/** The paths `/healthz` and `/readyz`: 200 `ok`, or 503 with the failed checks, one per line. */
export function healthRoutes(healthy: readonly Check[], ready: readonly Check[]): Routes {
  return { '/healthz': () => verdictOf(healthy), '/readyz': () => verdictOf(ready) };
}

function verdictOf(checks: readonly Check[]): Promise<Answer> {
  const wrong = checks.flatMap((check) => check() ?? []);
  const code = wrong.length === 0 ? 200 : 503;
  return Promise.resolve({ code, type: TEXT, body: wrong.length === 0 ? 'ok' : wrong.join('\n') });
}

/**
 * Serves paths.
 *
 * @throws TerminalError if it cannot listen on the port, Error if the certificates are invalid.
 */
export async function startDiagnostics(
  { port, host, tls, mostConnections, log }: Listening,
  routes: Routes,
): Promise<DiagnosticsServer> {
  function handle(request: http.IncomingMessage, response: http.ServerResponse): void {
    void reply(request, response, routes);
  }
  const { server, watch } =
    tls === undefined ? { server: http.createServer(handle) } : await secured(tls.dir, log, handle);
  if (mostConnections !== undefined) server.maxConnections = mostConnections;
  const listening = once(server, 'listening');
  server.listen({ port, ...(host === undefined ? {} : { host }) });
  try {
    await listening;
  } catch (cause) {
    watch?.stop();
    const taken = codeOf(cause) === 'EADDRINUSE' ? 'another process uses it' : messageOf(cause);
    throw new TerminalError(`cannot listen on port ${port}: ${taken}; choose another one`, {
      cause,
    });
  }
  // Without a listener, an error such as that of accept would end the program.
  server.on('error', (error) => {
    log.error({ port, error: messageOf(error) }, 'a server of diagnostics failed');
  });
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    close: () =>
      new Promise((resolve) => {
        watch?.stop();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function secured(
  dir: string,
  log: Logger,
  handle: http.RequestListener,
): Promise<{ readonly server: https.Server; readonly watch: CertificateWatch }> {
  const certificates = await readCertificates(dir);
  const options = { ...contextOf(certificates), handshakeTimeout: HANDSHAKE_MS };
  const server = https.createServer(options, handle);
  const watch = watchCertificates(certificates, {
    dir,
    log,
    onChange: (next) => server.setSecureContext(contextOf(next)),
  });
  return { server, watch };
}

/** Without the authority: clients prove who they are with a token, not with a certificate. */
function contextOf({ cert, key }: CertificateFiles) {
  return { cert, key, minVersion: 'TLSv1.2' } as const;
}

async function reply(
  request: http.IncomingMessage,
  response: http.ServerResponse,
  routes: Routes,
): Promise<void> {
  const { code, type, body } = await answerTo(request, routes);
  response.writeHead(code, { 'content-type': type }).end(body);
}

async function answerTo(request: http.IncomingMessage, routes: Routes): Promise<Answer> {
  const path = (request.url ?? '').replace(/\?.*$/, '');
  if (!Object.hasOwn(routes, path)) return { code: 404, type: TEXT, body: 'not found' };
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return { code: 405, type: TEXT, body: 'GET only' };
  }
  const { authorization } = request.headers;
  try {
    return (
      (await routes[path]?.({ authorization })) ?? { code: 404, type: TEXT, body: 'not found' }
    );
  } catch (error) {
    return { code: 500, type: TEXT, body: messageOf(error) };
  }
}
