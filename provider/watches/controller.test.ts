import { afterEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { X_MANAGED_CLUSTER } from '../../lib/apis/kinds.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { clientFromString } from '../../lib/kube/client.ts';
import { createLogger } from '../../lib/log.ts';
import { type ScriptedServer, scriptedServer } from '../../test/fake/scripted-server.ts';
import { TOUCHED_ANNOTATION, watchesController } from './controller.ts';
import { NOTHING_ALLOWED } from '../../test/fake/provider-options.ts';

const COLLECTED_MS = 150_000;

let server: ScriptedServer;
afterEach(() => server.close());

/** The controller on a clock of the test; all composites are there except those named in `gone`. */
async function subject(gone: readonly string[] = []) {
  const state = { now: 0, down: false };
  server = await scriptedServer(({ method, url }) => {
    const kinds = [{ name: 'xmanagedclusters', kind: 'XManagedCluster', namespaced: false }];
    if (method === 'GET') return { body: { resources: kinds } };
    if (state.down) return { code: 500, body: { kind: 'Status', code: 500 } };
    if (gone.includes(url.split('/').at(-1) ?? '')) return { code: 404, body: { kind: 'Status' } };
    return { body: composite('any') };
  });
  const { reconciler, sources, initial } = watchesController(
    {
      management: clientFromString(server.kubeconfig),
      workload: () => Promise.reject(new Error('not used')),
      log: createLogger('silent'),
      events: { event: () => undefined },
      metrics: new Registry(),
      clock: { now: () => new Date('2026-01-01T00:00:00Z') },
      options: {
        managementEndpoint: 'https://m:6443',
        managementAuthority: '',
        agentImage: '',
        version: '',
        allowed: NOTHING_ALLOWED,
      },
    },
    { monotonic: () => state.now },
  );
  return {
    state,
    initial,
    saw: (object: KubeObject) => sources[0]?.toKeys(object),
    pass: () => reconciler.reconcile({ namespace: '', name: '' }, new AbortController().signal),
    touched: () =>
      server.requests
        .filter(({ method }) => method === 'PATCH')
        .map(({ url }) => url.split('/').at(-1)),
    bodies: () =>
      server.requests.filter(({ method }) => method === 'PATCH').map(({ body }) => body),
  };
}

function composite(name: string, metadata: object = {}, spec: object = { claimRef: { name } }) {
  return { ...X_MANAGED_CLUSTER, metadata: { name, ...metadata }, spec };
}

const DELETED = { deletionTimestamp: '2026-01-01T00:00:00Z' };

/** The touch after the start is done. */
async function started(gone: readonly string[] = []) {
  const test = await subject(gone);
  test.state.now = COLLECTED_MS;
  await test.pass();
  return test;
}

describe('the watches of claims', () => {
  it('are started again after a start of the provider, which can have missed a deletion', async () => {
    const { state, initial, saw, pass, touched } = await subject();
    saw(composite('one'));
    expect(initial).toHaveLength(1);
    expect(await pass()).toEqual({ requeueAfterMs: COLLECTED_MS });
    state.now = COLLECTED_MS;
    expect(await pass()).toEqual({});
    expect(touched()).toEqual(['one']);
  });

  it('are started again once when the collector has run after the last event of a deletion', async () => {
    const { state, saw, pass, touched, bodies } = await started();
    saw(composite('one'));
    saw(composite('two'));
    expect(saw(composite('three', DELETED))).toHaveLength(1);
    state.now += 60_000;
    expect(saw(composite('three', DELETED))).toHaveLength(1);
    state.now += COLLECTED_MS - 1;
    expect(await pass()).toEqual({ requeueAfterMs: 1 });
    expect(touched()).toEqual([]);
    state.now += 1;
    expect(await pass()).toEqual({});
    expect(await pass()).toEqual({});
    expect(touched()).toEqual(['one']);
    const annotations = { [TOUCHED_ANNOTATION]: '2026-01-01T00:00:00Z' };
    expect(bodies()).toEqual([{ metadata: { annotations } }]);
  });

  it('need no touch for other changes', async () => {
    const { state, saw, pass, touched } = await started();
    expect(saw(composite('one'))).toEqual([]);
    state.now += COLLECTED_MS;
    expect(await pass()).toEqual({});
    expect(touched()).toEqual([]);
  });

  it('are not those of a composite without a claim, of a deleted one or of one that is gone', async () => {
    const { state, saw, pass, touched } = await started(['two']);
    saw(composite('one', {}, {}));
    saw(composite('two'));
    saw(composite('three'));
    saw(composite('three', DELETED));
    saw(composite('four'));
    state.now += COLLECTED_MS;
    expect(await pass()).toEqual({});
    expect(touched()).toEqual(['two', 'four']);
  });

  it('are not forgotten when the touch fails', async () => {
    const { state, saw, pass, touched } = await started();
    saw(composite('one'));
    saw(composite('two', DELETED));
    state.now += COLLECTED_MS;
    state.down = true;
    await expect(pass()).rejects.toThrow('cannot touch XManagedCluster one');
    state.down = false;
    expect(await pass()).toEqual({});
    expect(touched().length).toBeGreaterThan(1);
  });
});
