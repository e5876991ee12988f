import { once } from 'node:events';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { Counter, Registry } from 'prom-client';
import { createLogger } from '../log.ts';
import {
  type DiagnosticsServer,
  healthRoutes,
  MOST_SCRAPERS,
  metricsRoutes,
  startDiagnostics,
} from './diagnostics.ts';
import { certificateDirectory, filesOf } from './testing/certificate-directory.ts';
import { issueCa, issueServer } from './testing/certificates.ts';

let server: DiagnosticsServer | undefined;
afterEach(() => server?.close());

const lines: string[] = [];
const log = createLogger('info', { write: (line) => void lines.push(line) });
beforeEach(() => void lines.splice(0));

async function ask(path: string, method = 'GET'): Promise<readonly [number, string]> {
  const answer = await fetch(`http://localhost:${server?.port ?? 0}${path}`, { method });
  return [answer.status, await answer.text()];
}

describe('diagnostics', () => {
  it('reports health and readiness separately, with the failed checks', async () => {
    let ready: string | undefined = 'kinds are not listed yet';
    server = await startDiagnostics(
      { port: 0, log },
      healthRoutes([], [() => ready, () => undefined]),
    );
    expect(await ask('/healthz')).toEqual([200, 'ok']);
    expect(await ask('/readyz')).toEqual([503, 'kinds are not listed yet']);
    ready = undefined;
    expect(await ask('/readyz?verbose')).toEqual([200, 'ok']);
  });

  it('shows metrics', async () => {
    const registry = new Registry();
    new Counter({ name: 'passes_total', help: 'Passes.', registers: [registry] }).inc();
    server = await startDiagnostics({ port: 0, log }, metricsRoutes(registry));
    expect((await ask('/metrics'))[1]).toContain('passes_total 1');
  });

  it('returns 404 for other paths, and an error for a route that fails', async () => {
    server = await startDiagnostics(
      { port: 0, log },
      {
        '/broken': () => Promise.reject(new Error('no luck')),
      },
    );
    expect(await ask('/toString')).toEqual([404, 'not found']);
    expect(await ask('/broken', 'POST')).toEqual([405, 'GET only']);
    expect(await ask('/broken')).toEqual([500, 'no luck']);
  });

  it('shows metrics to those only whom the guard lets through', async () => {
    const registry = new Registry();
    new Counter({ name: 'passes_total', help: 'Passes.', registers: [registry] }).inc();
    const refused = { code: 401, type: 'text/plain', body: 'who are you' };
    server = await startDiagnostics(
      { port: 0, log },
      metricsRoutes(registry, ({ authorization }) =>
        Promise.resolve(authorization === 'Bearer t' ? undefined : refused),
      ),
    );
    expect(await ask('/metrics')).toEqual([401, 'who are you']);
    const url = `http://localhost:${server.port}/metrics`;
    const answer = await fetch(url, { headers: { authorization: 'Bearer t' } });
    expect(await answer.text()).toContain('passes_total 1');
  });

  it('listens on one address only, if it is told so', async () => {
    server = await startDiagnostics({ port: 0, host: '127.0.0.1', log }, healthRoutes([], []));
    const { port } = server;
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
    // An address of the same machine, which a server on every interface would have too.
    await expect(fetch(`http://127.0.0.2:${port}/healthz`)).rejects.toThrow('fetch failed');
  });

  it('reports that another process uses the port', async () => {
    server = await startDiagnostics({ port: 0, log }, {});
    await expect(startDiagnostics({ port: server.port, log }, {})).rejects.toThrow(
      `cannot listen on port ${server.port}: another process uses it`,
    );
  });
});

describe('diagnostics in trouble', () => {
  it('log an error of the server instead of ending the program', async () => {
    const create = jest.spyOn(http, 'createServer');
    try {
      server = await startDiagnostics({ port: 0, log }, healthRoutes([], []));
      const made = create.mock.results[0]?.value as http.Server | undefined;
      made?.emit('error', new Error('accept EMFILE'));
    } finally {
      create.mockRestore();
    }
    expect(lines.join('')).toContain('accept EMFILE');
    expect(await ask('/healthz')).toEqual([200, 'ok']);
  });

  it('have as many connections as they are given, and close any other at once', async () => {
    const given = { port: 0, mostConnections: MOST_SCRAPERS, log };
    server = await startDiagnostics(given, healthRoutes([], []));
    const { port } = server;
    const sockets = Array.from({ length: MOST_SCRAPERS }, () => net.connect(port, 'localhost'));
    try {
      await Promise.all(sockets.map((socket) => once(socket, 'connect')));
      await expect(ask('/healthz')).rejects.toThrow('fetch failed');
      sockets[0]?.destroy();
      // oxlint-disable-next-line no-await-in-loop -- polls
      while (!(await isHealthy())) await delay(20);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });

  it('let the kubelet in, whoever else is connected, when they have no limit', async () => {
    server = await startDiagnostics({ port: 0, log }, healthRoutes([], []));
    const { port } = server;
    const sockets = Array.from({ length: 2 * MOST_SCRAPERS }, () => net.connect(port, 'localhost'));
    try {
      await Promise.all(sockets.map((socket) => once(socket, 'connect')));
      expect(await ask('/healthz')).toEqual([200, 'ok']);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  });
});

function isHealthy(): Promise<boolean> {
  return ask('/healthz').then(
    ([status]) => status === 200,
    () => false,
  );
}

/** The status of a request over TLS by a client that trusts one authority. */
async function statusWith(ca: string): Promise<number | undefined> {
  const options = { ca, agent: false, servername: 'localhost' };
  const url = `https://127.0.0.1:${server?.port ?? 0}/healthz`;
  const [response] = await once(https.get(url, options), 'response');
  response.resume();
  return response.statusCode;
}

describe('diagnostics with TLS', () => {
  it('serves the certificate in a directory, and the one that replaces it', async () => {
    const [ca, next] = [await issueCa(), await issueCa()];
    const directory = await certificateDirectory(await issueServer(ca), ca.cert);
    try {
      const tls = { dir: directory.path };
      server = await startDiagnostics({ port: 0, tls, log }, healthRoutes([], []));
      expect(await statusWith(ca.cert)).toBe(200);
      await expect(statusWith(next.cert)).rejects.toThrow(/certificate/);

      await directory.replace(filesOf(await issueServer(next), next.cert));
      // oxlint-disable-next-line no-await-in-loop -- polls
      while (!lines.join('').includes('certificates reloaded')) await delay(20);
      expect(await statusWith(next.cert)).toBe(200);
      await expect(ask('/healthz')).rejects.toThrow('fetch failed');
    } finally {
      await directory.remove();
    }
  });

  it('does not start without certificates', async () => {
    const tls = { dir: '/nowhere' };
    await expect(startDiagnostics({ port: 0, tls, log }, {})).rejects.toThrow(
      'cannot use the certificates in /nowhere',
    );
  });
});
