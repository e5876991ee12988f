import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type KubeObject, recordIn } from '../core/object.ts';
import { aborted } from '../aborted.ts';
import { clientFromString } from '../kube/client.ts';
import {
  type ScriptedServer,
  scriptedServer,
  type WireRequest,
} from '../../test/fake/scripted-server.ts';
import { createLogger } from '../log.ts';
import { createLeaderElection } from './leader-election.ts';
import { whileLeading } from './while-leading.ts';

/** Long enough for a machine that is busy with other tests. */
const TIMING = { leaseMs: 2000, renewMs: 1300, retryMs: 100 };
const DISCOVERY = { resources: [{ name: 'leases', kind: 'Lease', namespaced: true }] };

let server: ScriptedServer;
let lease: KubeObject | undefined;
let broken = false;
let version = 0;
let stop = new AbortController();

/** Stores one Lease with resourceVersions, like an API server. */
function script({ method, url, body }: WireRequest) {
  if (url === '/apis/coordination.k8s.io/v1') return { body: DISCOVERY };
  if (broken) return undefined;
  const gone = { code: 404, body: { kind: 'Status', code: 404 } };
  if (method === 'GET') return lease === undefined ? gone : { body: lease };
  const sent = body as KubeObject;
  const stale = sent.metadata.resourceVersion !== lease?.metadata.resourceVersion;
  if (stale) return { code: 409, body: { kind: 'Status', code: 409 } };
  version += 1;
  lease = { ...sent, metadata: { ...sent.metadata, resourceVersion: String(version) } };
  return { body: lease };
}

beforeEach(async () => {
  server = await scriptedServer(script);
});
afterEach(() => {
  stop.abort();
  stop = new AbortController();
  lease = undefined;
  broken = false;
  return server.close();
});

function candidate(identity: string) {
  const api = clientFromString(server.kubeconfig);
  const log = createLogger('silent');
  const options = { namespace: 'ns', name: 'provider', identity, log, timing: TIMING };
  return createLeaderElection(api, options);
}

function holder(): unknown {
  return lease && recordIn(lease, 'spec')?.['holderIdentity'];
}

async function until(condition: () => boolean): Promise<void> {
  const end = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > end) throw new Error('gave up waiting');
    // oxlint-disable-next-line no-await-in-loop -- checks are sequential
    await pause(10);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}

describe('leader election', () => {
  it('has one leader, and the next one as soon as the first has stopped', async () => {
    const led: string[] = [];
    const first = new AbortController();
    const a = candidate('a');
    const b = candidate('b');
    const endA = a.lead(async (signal) => {
      led.push('a begins');
      await aborted(signal);
      await pause(50);
      led.push('a ends');
    }, first.signal);
    await until(() => a.leads());
    const endB = b.lead(async (signal) => {
      led.push('b begins');
      await aborted(signal);
    }, stop.signal);
    await pause(TIMING.leaseMs + 200);
    expect([led, a.leads(), b.leads(), holder()]).toEqual([['a begins'], true, false, 'a']);
    first.abort();
    await endA;
    expect(a.leads()).toBe(false);
    await until(() => b.leads());
    expect(led).toEqual(['a begins', 'a ends', 'b begins']);
    stop.abort();
    await endB;
    expect(holder()).toBe('');
  });

  it('gives up before the lease expires if the server is silent, without waiting for the work', async () => {
    const a = candidate('a');
    const ended = a.lead(() => new Promise(() => undefined), stop.signal);
    await until(() => a.leads());
    broken = true;
    const from = performance.now();
    await expect(ended).rejects.toThrow('could not be renewed in time');
    expect(performance.now() - from).toBeLessThan(TIMING.leaseMs);
    expect(a.leads()).toBe(false);
  });

  it('takes over from a dead leader when its lease has expired', async () => {
    const gone = new AbortController();
    const a = candidate('a');
    const lost = a.lead(() => new Promise(() => undefined), gone.signal).catch(() => 'lost');
    await until(() => a.leads());
    broken = true;
    await lost;
    broken = false;
    expect(holder()).toBe('a');
    const begun = performance.now();
    await candidate('b').lead(() => Promise.resolve(), stop.signal);
    expect(performance.now() - begun).toBeGreaterThan(TIMING.leaseMs - 50);
  });

  it('stops when another process has taken the lease', async () => {
    const ended = candidate('a').lead(() => new Promise(() => undefined), stop.signal);
    await until(() => holder() === 'a');
    const spec = { holderIdentity: 'b', leaseDurationSeconds: 15 };
    lease = { ...(lease as KubeObject), spec };
    await expect(ended).rejects.toThrow('held by b');
    expect(holder()).toBe('b');
  });

  it('resolves if it is stopped before it is the leader, and fails with the error of the work', async () => {
    const a = candidate('a');
    const early = new AbortController();
    early.abort();
    await a.lead(() => Promise.reject(new Error('not run')), early.signal);
    const failing = a.lead(() => Promise.reject(new Error('broken')), stop.signal);
    await expect(failing).rejects.toThrow('broken');
  });
});

describe('whileLeading', () => {
  it('always reads, and writes only as the leader', async () => {
    lease = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { resourceVersion: '1' },
    };
    let leads = true;
    const api = whileLeading(clientFromString(server.kubeconfig), () => leads);
    const ref = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      namespace: 'ns',
      name: 'x',
    };
    const written = await api.replace({
      ...ref,
      metadata: { namespace: 'ns', name: 'x', resourceVersion: '1' },
    });
    leads = false;
    await expect(api.get(ref)).resolves.toMatchObject({ kind: 'Lease' });
    for (const write of [
      () => api.create(written),
      () => api.replace(written),
      () => api.apply(written, { fieldManager: 'x' }),
      () => api.patch(ref, {}),
      () => api.delete(ref),
      () => api.raw('POST', '/x', {}),
    ]) {
      // oxlint-disable-next-line no-await-in-loop -- the requests are counted below
      await expect(write()).rejects.toThrow('is not the leader');
    }
    const methods = server.requests.map(({ method }) => method);
    expect(methods.filter((method) => method !== 'GET')).toEqual(['PUT']);
  });
});
