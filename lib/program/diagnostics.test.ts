import { afterEach, describe, expect, it } from '@jest/globals';
import { Counter, Registry } from 'prom-client';
import {
  type DiagnosticsServer,
  healthRoutes,
  metricsRoutes,
  startDiagnostics,
} from './diagnostics.ts';

let server: DiagnosticsServer | undefined;
afterEach(() => server?.close());

async function ask(path: string, method = 'GET'): Promise<readonly [number, string]> {
  const answer = await fetch(`http://localhost:${server?.port ?? 0}${path}`, { method });
  return [answer.status, await answer.text()];
}

describe('diagnostics', () => {
  it('reports health and readiness separately, with the failed checks', async () => {
    let ready: string | undefined = 'kinds are not listed yet';
    server = await startDiagnostics(0, healthRoutes([], [() => ready, () => undefined]));
    expect(await ask('/healthz')).toEqual([200, 'ok']);
    expect(await ask('/readyz')).toEqual([503, 'kinds are not listed yet']);
    ready = undefined;
    expect(await ask('/readyz?verbose')).toEqual([200, 'ok']);
  });

  it('shows metrics', async () => {
    const registry = new Registry();
    new Counter({ name: 'passes_total', help: 'Passes.', registers: [registry] }).inc();
    server = await startDiagnostics(0, metricsRoutes(registry));
    expect((await ask('/metrics'))[1]).toContain('passes_total 1');
  });

  it('returns 404 for other paths, and an error for a route that fails', async () => {
    server = await startDiagnostics(0, {
      '/broken': () => Promise.reject(new Error('no luck')),
    });
    expect(await ask('/toString')).toEqual([404, 'not found']);
    expect(await ask('/broken', 'POST')).toEqual([405, 'GET only']);
    expect(await ask('/broken')).toEqual([500, 'no luck']);
  });

  it('reports that another process uses the port', async () => {
    server = await startDiagnostics(0, {});
    await expect(startDiagnostics(server.port, {})).rejects.toThrow(
      `cannot listen on port ${server.port}: another process uses it`,
    );
  });
});
