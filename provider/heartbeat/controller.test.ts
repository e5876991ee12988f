import { afterEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { agentIdentity, AGENTS_NAMESPACE } from '../../lib/apis/agent.ts';
import { CLUSTER_PLAN } from '../../lib/apis/kinds.ts';
import { CLUSTER_LABEL, CLUSTER_NAMESPACE_LABEL } from '../../lib/apis/ownership.ts';
import type { Condition } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { clientFromString } from '../../lib/kube/client.ts';
import { type ScriptedServer, scriptedServer } from '../../test/fake/scripted-server.ts';
import { createLogger } from '../../lib/log.ts';
import { heartbeatController } from './controller.ts';
import { NOTHING_ALLOWED } from '../../test/fake/provider-options.ts';

const KEY = { namespace: 'team', name: 'demo' };
const READY: Condition = { type: 'WorkersReady', status: 'True', lastTransitionTime: 'then' };
const CONNECTED: Condition = { type: 'AgentConnected', status: 'True', lastTransitionTime: 'then' };

let server: ScriptedServer;
afterEach(() => server.close());

const IDENTITY = agentIdentity(KEY);

function leaseAt(renewTime: string, name = IDENTITY): KubeObject {
  const labels = { [CLUSTER_LABEL]: KEY.name, [CLUSTER_NAMESPACE_LABEL]: KEY.namespace };
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace: AGENTS_NAMESPACE, labels },
    spec: { renewTime },
  };
}

function planWith(conditions: readonly Condition[]): KubeObject {
  const metadata = { ...KEY, resourceVersion: '7', generation: 3 };
  return { ...CLUSTER_PLAN, metadata, status: { epoch: 1, conditions } };
}

/** The controller with a management side that has a plan and a Lease, on a clock of the test. */
async function subject(plan: KubeObject | undefined) {
  const state = { plan, lease: leaseAt('t0') as KubeObject | undefined, now: 0, down: false };
  const events: string[] = [];
  server = await scriptedServer(({ method, url, body }) => {
    if (url === '/apis/coordination.k8s.io/v1') return resources('leases', 'Lease');
    if (url === '/apis/m.managedcluster.io/v1alpha1')
      return resources('clusterplans', 'ClusterPlan');
    if (state.down) return { code: 500, body: { kind: 'Status', code: 500 } };
    if (method === 'PUT') state.plan = body as KubeObject;
    const found = url.includes('/leases/') ? state.lease : state.plan;
    return found === undefined ? { code: 404, body: { kind: 'Status' } } : { body: found };
  });
  const { reconciler, sources } = heartbeatController(
    {
      management: clientFromString(server.kubeconfig),
      workload: () => Promise.reject(new Error('not used')),
      log: createLogger('silent'),
      events: { event: (_object, _type, reason) => void events.push(reason) },
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
    { silentMs: 40_000, monotonic: () => state.now },
  );
  return {
    state,
    events,
    pass: () => reconciler.reconcile(KEY, new AbortController().signal),
    /** A Lease renewal that the watch reports. */
    heard: (lease: KubeObject) => sources[0]?.toKeys(lease),
    conditions: () => recordIn(state.plan, 'status')?.['conditions'],
    puts: () => server.requests.filter(({ method }) => method === 'PUT').length,
  };
}

function resources(name: string, kind: string) {
  return { body: { resources: [{ name, kind, namespaced: true }] } };
}

describe('heartbeat', () => {
  it('reports once that an agent is silent when its Lease has not changed for long enough', async () => {
    const { state, events, pass, conditions, puts } = await subject(planWith([CONNECTED, READY]));
    expect(await pass()).toEqual({ requeueAfterMs: 40_000 });
    state.now = 39_000;
    expect(await pass()).toEqual({ requeueAfterMs: 1000 });
    expect(puts()).toBe(0);
    state.now = 40_000;
    expect(await pass()).toEqual({});
    expect(conditions()).toEqual([
      {
        type: 'AgentConnected',
        status: 'False',
        reason: 'AgentSilent',
        message: expect.stringContaining(`Lease managed-cluster-agents/${IDENTITY} for 40 s`),
        observedGeneration: 3,
        lastTransitionTime: '2026-01-01T00:00:00Z',
      },
      READY,
    ]);
    expect(recordIn(state.plan, 'status')?.['epoch']).toBe(1);
    for (const now of [50_000, 90_000, 140_000]) {
      state.now = now;
      // oxlint-disable-next-line no-await-in-loop -- the clock advances between passes
      await pass();
    }
    expect([puts(), events]).toEqual([1, ['AgentSilent']]);
  });

  it('restarts the wait after each renewal, whatever the clock of the agent', async () => {
    const { state, heard, pass, puts } = await subject(planWith([CONNECTED]));
    expect(heard(leaseAt('2099'))).toEqual([KEY]);
    state.now = 30_000;
    state.lease = leaseAt('1999');
    expect(heard(state.lease)).toEqual([]);
    state.now = 40_000;
    expect(await pass()).toEqual({ requeueAfterMs: 30_000 });
    expect(puts()).toBe(0);
  });

  it('reads the Lease first: a late watch event says nothing about the agent', async () => {
    const { state, heard, pass, puts } = await subject(planWith([CONNECTED]));
    heard(leaseAt('t0'));
    state.now = 60_000;
    state.lease = leaseAt('t5');
    expect(await pass()).toEqual({ requeueAfterMs: 40_000 });
    expect(puts()).toBe(0);
  });

  it('does not count the time in which the API server was unreachable', async () => {
    const { state, pass, puts } = await subject(planWith([CONNECTED]));
    await pass();
    state.now = 41_000;
    state.down = true;
    await expect(pass()).rejects.toThrow('500');
    state.down = false;
    state.now = 60_000;
    expect(await pass()).toEqual({ requeueAfterMs: 40_000 });
    expect(puts()).toBe(0);
  });

  it('also reports a deleted Lease', async () => {
    const { state, pass, puts } = await subject(planWith([CONNECTED]));
    state.lease = undefined;
    await pass();
    state.now = 40_000;
    await pass();
    expect(puts()).toBe(1);
  });

  it.each<{ reason: string; plan: KubeObject | undefined; lease: KubeObject | undefined }>([
    { reason: 'no plan', plan: undefined, lease: leaseAt('t0') },
    { reason: 'an agent that never was there', plan: planWith([]), lease: undefined },
    {
      reason: 'a plan that goes',
      plan: {
        ...planWith([CONNECTED]),
        metadata: { ...KEY, deletionTimestamp: '2026-01-01T00:00:00Z' },
      },
      lease: leaseAt('t0'),
    },
  ])('ignores $reason', async ({ plan, lease }) => {
    const { state, pass, puts } = await subject(plan);
    state.lease = lease;
    await pass();
    state.now = 90_000;
    expect(await pass()).toEqual({});
    expect(puts()).toBe(0);
  });

  it('only uses the Lease of the agent', async () => {
    const { heard } = await subject(undefined);
    expect(heard(leaseAt('t0', 'demo'))).toEqual([]);
  });

  it('does not let the agent of another cluster beat for a silent one, whatever it labels its Lease', async () => {
    const { state, heard, pass, puts } = await subject(planWith([CONNECTED]));
    await pass();
    state.now = 30_000;
    heard(leaseAt('t1', agentIdentity({ namespace: 'team', name: 'hostile' })));
    state.now = 40_000;
    await pass();
    expect(puts()).toBe(1);
  });
});
