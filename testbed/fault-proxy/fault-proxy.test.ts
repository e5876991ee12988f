import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { KubeApi } from '../../lib/kube/api.ts';
import { clientFromString } from '../../lib/kube/client.ts';
import { scriptedServer, type ScriptedServer } from '../../test/fake/scripted-server.ts';
import { createAuthority } from '../pki/certificate.ts';
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts';

const authority = await createAuthority('site');
const DISCOVERY = {
  resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true, verbs: [] }],
};
const OBJECT = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'one', namespace: 'default' },
};
const REF = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default', name: 'one' };

let server: ScriptedServer;
let proxy: FaultProxy;
let api: KubeApi;
const lines: string[] = [];

beforeEach(async () => {
  server = await scriptedServer(({ method, url }) => {
    if (url === '/api/v1') return { body: DISCOVERY };
    if (url.includes('watch=')) {
      return { lines: [{ type: 'ADDED', object: OBJECT }], after: 'open' };
    }
    return method === 'GET' && !url.includes('/one')
      ? { body: { metadata: { resourceVersion: '1' }, items: [] } }
      : { body: OBJECT };
  });
  const { clusters } = JSON.parse(server.kubeconfig) as {
    clusters: [{ cluster: { server: string } }];
  };
  proxy = await startFaultProxy({
    target: { url: clusters[0].cluster.server, authority },
    log: (line) => lines.push(line),
  });
  api = clientFromString(proxy.kubeconfig('given'), { userAgent: 'me', timeoutMs: 2000 });
  await api.get(REF);
});

afterEach(async () => {
  await proxy.close();
  await server.close();
  lines.length = 0;
});

/** Writes that reached the server. */
function arrived(): number {
  return server.requests.filter(({ method }) => method !== 'GET').length;
}

describe('the fault proxy', () => {
  it('passes token and body on, over TLS of the same authority, and writes down what it saw', async () => {
    await api.create(OBJECT);
    const post = server.requests.find(({ method }) => method === 'POST');
    expect(post?.headers.authorization).toBe('Bearer given');
    expect(post?.body).toEqual(OBJECT);
    expect(proxy.writes).toMatchObject([
      { write: 1, method: 'POST', userAgent: 'me', status: 200 },
    ]);
    expect(proxy.requests.map(({ n }) => n)).toEqual([1, 2, 3]);
    expect(lines.at(-1)).toMatch(
      /^3 w1 POST \/api\/v1\/namespaces\/default\/configmaps\S* 200 \d+ ms me$/,
    );
  });

  it.each([
    { reason: 'before the second write: it never arrives', when: 'before', want: 1 },
    { reason: 'after the second write: it is done, nobody hears of it', when: 'after', want: 2 },
  ] as const)('calls back $reason', async ({ when, want }) => {
    const called: (number | undefined)[] = [];
    proxy.onWrite(2, when, ({ write }) => {
      called.push(write);
      return 'drop';
    });
    await api.create(OBJECT);
    await expect(api.create(OBJECT)).rejects.toThrow('POST');
    expect([called, arrived()]).toEqual([[2], want]);
    expect(proxy.writes.at(-1)?.status).toBeUndefined();
  });

  it('counts from one again after a reset', async () => {
    await api.create(OBJECT);
    proxy.reset();
    let called = 0;
    proxy.onWrite(1, 'before', () => {
      called += 1;
      return 'pass';
    });
    await api.create(OBJECT);
    expect([called, proxy.writes.length]).toEqual([1, 1]);
  });

  it.each([
    { code: 409, reason: 'Conflict' },
    { code: 500, reason: 'InternalError' },
    { code: 503, reason: 'ServiceUnavailable' },
  ] as const)('injects $code as often as told', async ({ code, reason }) => {
    proxy.faults.inject({
      fault: { kind: 'status', code, retryAfterSeconds: 0 },
      match: ({ method }) => method === 'POST',
      times: 1,
    });
    await expect(api.create(OBJECT)).rejects.toMatchObject({ code, reason });
    await api.create(OBJECT);
    expect(proxy.writes.map(({ status }) => status)).toEqual([code, 200]);
  });

  it('injects 429 with a Retry-After, which our client obeys', async () => {
    const fault = { kind: 'status', code: 429, retryAfterSeconds: 1 } as const;
    proxy.faults.inject({ fault, times: 1 });
    await api.create(OBJECT);
    expect(proxy.writes.map(({ status }) => status)).toEqual([429, 200]);
    const [first, second] = proxy.writes.map(({ at }) => at);
    expect((second ?? 0) - (first ?? 0)).toBeGreaterThanOrEqual(900);
  });

  it('stalls requests until their client gives up', async () => {
    const remove = proxy.faults.inject({ fault: { kind: 'stall' } });
    await expect(api.get(REF)).rejects.toThrow('GET');
    remove();
    await expect(api.get(REF)).resolves.toBeDefined();
  });

  it('streams a watch while it is open', async () => {
    const stop = new AbortController();
    const seen: string[] = [];
    await api.watch(
      { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'default' },
      ({ type }) => {
        seen.push(type);
        if (type === 'ADDED') stop.abort();
      },
      { signal: stop.signal },
    );
    expect(seen).toContain('ADDED');
  });

  it.each(['refuse', 'hang'] as const)('cuts (%s) and joins', async (how) => {
    await proxy.wire.cut(how);
    await expect(api.get(REF)).rejects.toThrow('GET');
    await proxy.wire.join();
    await expect(api.get(REF)).resolves.toBeDefined();
  });

  it('adds twice the delay to a round trip', async () => {
    proxy.wire.delay(40);
    await api.get(REF); // opens a connection, perhaps
    const begin = performance.now();
    await api.get(REF);
    const took = performance.now() - begin;
    expect(took).toBeGreaterThanOrEqual(79);
    expect(took).toBeLessThan(300);
  });
});
