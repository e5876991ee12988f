import { once } from 'node:events';
import http from 'node:http';
import type { Registry } from 'prom-client';
import { codeOf, messageOf, TerminalError } from '../errors.ts';

/** Answer is the response of a path. */
export interface Answer {
  readonly code: number;
  readonly type: string;
  readonly body: string;
}

/** Routes map the paths of a server to their GET handlers. */
export type Routes = Readonly<Record<string, () => Promise<Answer>>>;

/** Check checks one thing: undefined if it is healthy, else a message. */
export type Check = () => string | undefined;

/** DiagnosticsServer is a server that listens on a port. */
export interface DiagnosticsServer {
  /** The port that is actually bound. */
  readonly port: number;
  close(): Promise<void>;
}

const TEXT = 'text/plain; charset=utf-8';

/** The path `/metrics` in the Prometheus text format. */
export function metricsRoutes(registry: Registry): Routes {
  return {
    '/metrics': async () => ({
      code: 200,
      type: registry.contentType,
      body: await registry.metrics(),
    }),
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
 * Serves paths over plain HTTP on every interface; port 0 lets the system choose one.
 *
 * @throws TerminalError if it cannot listen on the port.
 */
export async function startDiagnostics(port: number, routes: Routes): Promise<DiagnosticsServer> {
  const server = http.createServer((request, response) => {
    void reply(request, response, routes);
  });
  const listening = once(server, 'listening');
  server.listen(port);
  try {
    await listening;
  } catch (cause) {
    const taken = codeOf(cause) === 'EADDRINUSE' ? 'another process uses it' : messageOf(cause);
    throw new TerminalError(`cannot listen on port ${port}: ${taken}; choose another one`, {
      cause,
    });
  }
  const bound = server.address();
  return {
    port: typeof bound === 'object' && bound !== null ? bound.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
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
  try {
    return (await routes[path]?.()) ?? { code: 404, type: TEXT, body: 'not found' };
  } catch (error) {
    return { code: 500, type: TEXT, body: messageOf(error) };
  }
}
