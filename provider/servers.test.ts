import { once } from 'node:events';
import https from 'node:https';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { createLogger } from '../lib/log.ts';
import type { DiagnosticsServer } from '../lib/program/diagnostics.ts';
import { certificateDirectory } from '../lib/program/testing/certificate-directory.ts';
import { issueCa, issueServer } from '../lib/program/testing/certificates.ts';
import { startServers } from './servers.ts';

let servers: readonly DiagnosticsServer[] = [];
afterEach(() => Promise.all(servers.map((server) => server.close())));

/** The API server knows one token, whose user may read metrics. */
function raw(_method: string, _path: string, body?: unknown): Promise<unknown> {
  const { kind, spec } = body as { kind: string; spec: { token?: string } };
  if (kind === 'SubjectAccessReview') return Promise.resolve({ status: { allowed: true } });
  const authenticated = spec.token === 'good';
  return Promise.resolve({ status: { authenticated, user: { username: 'prometheus' } } });
}

async function started(options: { auth?: boolean; dir?: string } = {}) {
  const log = createLogger('error', { write: () => undefined });
  const ports = { metricsPort: 0, healthPort: 0 };
  const { auth: metricsAuth = true, dir: metricsCertsDir } = options;
  const parts = { api: { raw }, registry: new Registry(), log };
  const both = await startServers({ ...ports, metricsAuth, metricsCertsDir }, parts);
  servers = both;
  const [metrics, health] = both;
  return { metrics: metrics.port, health: health.port };
}

async function code(url: string, token?: string): Promise<number> {
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return (await fetch(url, { headers })).status;
}

describe('the servers of the provider', () => {
  it('show metrics to those only who may read them, and health to the kubelet', async () => {
    const { metrics, health } = await started();
    const url = `http://127.0.0.1:${metrics}/metrics`;
    expect(await code(url)).toBe(401);
    expect(await code(url, 'bad')).toBe(401);
    expect(await code(url, 'good')).toBe(200);
    expect(await code(`http://127.0.0.1:${health}/healthz`)).toBe(200);
    expect(await code(`http://127.0.0.1:${health}/metrics`, 'good')).toBe(404);
  });

  it('show them to everybody if an administrator wants that', async () => {
    const { metrics } = await started({ auth: false });
    expect(await code(`http://127.0.0.1:${metrics}/metrics`)).toBe(200);
  });

  it('check the token over TLS too', async () => {
    const ca = await issueCa();
    const directory = await certificateDirectory(await issueServer(ca), ca.cert);
    try {
      const { metrics } = await started({ dir: directory.path });
      const trust = { ca: ca.cert, agent: false, servername: 'localhost' };
      const codes = await Promise.all(
        ['good', 'bad'].map(async (token) => {
          const headers = { authorization: `Bearer ${token}` };
          const options = { ...trust, headers };
          const asked = https.get(`https://127.0.0.1:${metrics}/metrics`, options);
          const [response] = await once(asked, 'response');
          response.resume();
          return response.statusCode as unknown;
        }),
      );
      expect(codes).toEqual([200, 401]);
    } finally {
      await directory.remove();
    }
  });
});
