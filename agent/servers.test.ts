import { afterEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { createLogger } from '../lib/log.ts';
import type { DiagnosticsServer } from '../lib/program/diagnostics.ts';
import { startServers } from './servers.ts';

const log = createLogger('error', { write: () => undefined });
let servers: readonly DiagnosticsServer[] = [];
afterEach(() => Promise.all(servers.map((server) => server.close())));

describe('the servers of the agent', () => {
  it('show metrics on the node only, and health to the kubelet', async () => {
    const started = await startServers(
      { metricsPort: 0, healthPort: 0 },
      { registry: new Registry(), ready: () => 'waiting', log },
    );
    servers = started;
    const [metrics, health] = started.map(({ port }) => port);

    expect((await fetch(`http://127.0.0.1:${metrics}/metrics`)).status).toBe(200);
    // An address of the same machine, which a server on every interface would have too.
    await expect(fetch(`http://127.0.0.2:${metrics}/metrics`)).rejects.toThrow('fetch failed');
    const ready = await fetch(`http://127.0.0.1:${health}/readyz`);
    expect([ready.status, await ready.text()]).toEqual([503, 'waiting']);
  });
});
