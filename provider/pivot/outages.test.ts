import { describe, expect, it } from '@jest/globals';
import { isTrue, conditionOf } from '../../lib/core/conditions.ts';
import { StatusError, UnreachableError } from '../../lib/kube/errors.ts';
import { done, world } from '../../test/fake/scenes.ts';
import type { Wrap } from '../../test/fake/world.ts';
import { fc, runs } from '../../test/properties.ts';
import { Outages } from './outages.ts';

const NO_ANSWER = new UnreachableError('connection refused');

/** When a server does not answer, in milliseconds. */
interface Down {
  readonly from: number;
  readonly to: number;
}

/**
 * When the watch of a controller is connected again after the last outage, as client-go v0.35 does it (tools/cache
 * Reflector, apimachinery util/wait NewExponentialBackoffManager(800 ms, 30 s, 2 min, 2.0, 1.0)).
 */
function reconnectedAt(downs: readonly Down[], jitter: () => number): number {
  let [at, step, asked] = [0, 0, -Infinity];
  for (const { from, to } of downs) {
    if (at >= to) continue;
    at = Math.max(at, from);
    while (at < to) {
      if (at - asked > 120_000) step = 0;
      const pause = Math.min(30_000, 800 * 2 ** step);
      [asked, step] = [at, step + 1];
      at += pause * (1 + jitter());
    }
  }
  return at;
}

/** Times at which requests of the provider fail, which is asked each second by its pivots. */
function failuresIn(downs: readonly Down[], until: number): readonly number[] {
  const asked = Array.from({ length: Math.ceil(until / 1000) }, (_, index) => index * 1000);
  return asked.filter((at) => downs.some(({ from, to }) => from <= at && at < to));
}

const DOWNS = fc
  .array(
    fc.tuple(fc.integer({ min: 1000, max: 100_000 }), fc.integer({ min: 1000, max: 90_000 })),
    {
      minLength: 1,
      maxLength: 4,
    },
  )
  .map((pairs) => {
    let at = 0;
    return pairs.map(([calm, length]) => {
      const from = at + calm;
      at = from + length;
      return { from, to: at };
    });
  });

describe('Outages', () => {
  it('waits at least as long as any controller takes to connect again', () => {
    fc.assert(
      fc.property(
        DOWNS,
        fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })),
        (downs, jitters) => {
          let now = 0;
          const server = {};
          const outages = new Outages(() => now);
          const end = downs.at(-1)?.to ?? 0;
          for (const at of failuresIn(downs, end)) {
            now = at;
            outages.failed(server, NO_ANSWER);
          }
          now = end;
          const free = end + outages.reconnectingMs(server);
          expect(free).toBeGreaterThanOrEqual(
            reconnectedAt(downs, () => jitters.next().value ?? 0),
          );
          expect(free - end).toBeLessThanOrEqual(62_000);
        },
      ),
      runs(1000),
    );
  });

  it('is over at once where nothing failed, and forgets an outage after two calm minutes', () => {
    let now = 0;
    const server = {};
    const outages = new Outages(() => now);
    expect(outages.reconnectingMs(server)).toBe(0);
    for (now = 0; now <= 40_000; now += 1000) outages.failed(server, NO_ANSWER);
    expect(outages.reconnectingMs(server)).toBeGreaterThan(60_000);
    expect(outages.reconnectingMs({})).toBe(0);
    now += 130_000;
    expect(outages.reconnectingMs(server)).toBe(0);
    outages.failed(server, NO_ANSWER);
    expect(outages.reconnectingMs(server)).toBeLessThan(10_000);
  });

  it('takes no answer of a server for an outage, whatever the answer is', () => {
    const outages = new Outages(() => 0);
    const server = {};
    for (const code of [409, 422, 429, 500, 503]) {
      outages.failed(server, new StatusError('POST', code, { message: 'no' }));
    }
    expect(outages.reconnectingMs(server)).toBe(0);
  });
});

/** The first request of a method to a side gets no answer. */
function broken(side: 'management' | 'workload', method: 'create' | 'list'): Wrap {
  let isBroken = true;
  return (api, which) =>
    new Proxy(api, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        if (name !== method || which !== side) return value.bind(target) as unknown;
        return (...args: readonly unknown[]) => {
          if (!isBroken) return Reflect.apply(value, target, args) as unknown;
          isBroken = false;
          return Promise.reject(NO_ANSWER);
        };
      },
    });
}

describe('a target whose API server did not answer during the copy', () => {
  it('is not activated before its controllers are connected again', async () => {
    const w = await world();
    await w.pivot();
    const wrap = broken('workload', 'create');
    const waiting = await w.run(
      (pivot) => conditionOf(pivot, 'Ready')?.reason === 'TargetReconnecting',
      { wrap },
    );
    expect(conditionOf(waiting, 'Ready')?.message).toMatch(/get \d+ s to connect again/);
    expect(isTrue(waiting, 'Committed')).toBe(false);
    const from = w.monotonicMs;
    const whole = await world();
    await whole.pivot();
    await whole.run(done, { wrap: broken('workload', 'create') });
    expect(whole.monotonicMs).toBeGreaterThan(from + 5000);
    expect(whole.violations).toEqual([]);
  });

  it('is activated at once if it was the source that did not answer', async () => {
    const w = await world();
    await w.pivot();
    const finished = await w.run(done, { wrap: broken('management', 'list') });
    expect(isTrue(finished, 'Committed')).toBe(true);
    expect(w.monotonicMs).toBeLessThan(5000);
  });
});
