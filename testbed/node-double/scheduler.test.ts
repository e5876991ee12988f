import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { KubeApi } from '../../lib/kube/api.ts';
import type { ObjectMeta } from '../../lib/core/object.ts';
import { waitFor } from '@managed-cluster/toolchain';
import { podOf, type Toleration } from './pod.ts';
import { Scheduler } from './scheduler.ts';

const TAINT = { key: 'uninitialized', value: 'true', effect: 'NoSchedule' };
const RETRY_MS = 5;

function aPod(metadata: ObjectMeta = {}, tolerations: readonly Toleration[] = []) {
  return podOf({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'ns', uid: 'u', ...metadata },
    spec: { containers: [], tolerations },
  });
}

describe('the scheduler', () => {
  let taints: readonly object[];
  let looks: number;
  let bound: unknown[];
  let lines: string[];
  let scheduler: Scheduler;

  beforeEach(() => {
    taints = [TAINT];
    looks = 0;
    bound = [];
    lines = [];
    const api = {
      get: () => {
        looks += 1;
        const metadata = { name: 'n' };
        return Promise.resolve({ apiVersion: 'v1', kind: 'Node', metadata, spec: { taints } });
      },
      raw: (...request: unknown[]) => {
        bound.push(request);
        return Promise.resolve({});
      },
    } as unknown as KubeApi;
    const context = { api, config: { node: 'n' }, log: (text: string) => lines.push(text) };
    scheduler = new Scheduler(context, RETRY_MS);
  });

  afterEach(() => scheduler.stop());

  function looked(times: number): Promise<unknown> {
    const until = looks + times;
    return waitFor({
      what: 'looks',
      timeoutMs: 5000,
      intervalMs: 1,
      look: () => looks >= until || undefined,
    });
  }

  /** Looks that are made after those that may be under way have ended. */
  async function furtherLooks(): Promise<number> {
    await delay(2 * RETRY_MS);
    const before = looks;
    await delay(20 * RETRY_MS);
    return looks - before;
  }

  it('binds a Pod once the taint is gone that keeps it off', async () => {
    scheduler.bind(aPod());
    await looked(3);
    expect(bound).toEqual([]);
    taints = [];
    await looked(1);
    await delay(RETRY_MS);

    expect(bound).toEqual([
      [
        'POST',
        '/api/v1/namespaces/ns/pods/p/binding',
        expect.objectContaining({ metadata: { name: 'p', uid: 'u' } }),
      ],
    ]);
    expect(lines).toEqual(['ns/p is pending: it does not tolerate the taint uninitialized']);
    expect(await furtherLooks()).toBe(0);
  });

  it.each<{ reason: string; end: () => void }>([
    { reason: 'is gone', end: () => scheduler.forget('u') },
    {
      reason: 'is being deleted',
      end: () => scheduler.bind(aPod({ deletionTimestamp: '2026-01-01T00:00:00Z' })),
    },
    { reason: 'has lost its double', end: () => scheduler.stop() },
  ])('waits no longer for a Pod that $reason', async ({ end }) => {
    scheduler.bind(aPod());
    await looked(2);
    end();

    expect(await furtherLooks()).toBe(0);
    taints = [];
    expect(await furtherLooks()).toBe(0);
    expect(bound).toEqual([]);
    expect(lines).toHaveLength(1);
  });

  it('goes by what a Pod tolerates now', async () => {
    scheduler.bind(aPod());
    await looked(2);
    scheduler.bind(aPod({}, [{ operator: 'Exists' }]));

    expect(await furtherLooks()).toBe(0);
    expect(bound).toHaveLength(1);
  });
});
