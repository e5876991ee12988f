import { describe, expect, it } from '@jest/globals';
import { isTrue } from '../../lib/core/conditions.ts';
import { chain, type Counted, counting, gap, tally } from '../../test/fake/request-log.ts';
import { FakeWorld } from '../../test/fake/world.ts';

/** High enough to tell sequential requests from requests that were late by chance. */
const LATENCY_MS = 60;

interface Cost {
  readonly roundTrips: readonly string[];
  readonly perObject: number;
  readonly requests: readonly string[];
}

async function costOf(workers: number, composed: boolean): Promise<Cost> {
  const world = new FakeWorld();
  await world.begin({ composed, workers });
  await world.pivot();
  const logs = { management: [] as Counted[], workload: [] as Counted[] };
  const end = await world.run((pivot) => isTrue(pivot, 'Ready'), {
    wrap: (api, side) => counting(api, logs[side], LATENCY_MS),
  });
  expect(isTrue(end, 'Ready')).toBe(true);
  const all = [...logs.management, ...logs.workload];
  const [fence, activation] = gap(logs.management, logs.workload);
  return {
    roundTrips: chain(all, fence, activation),
    perObject: all.length / (end.status?.moved?.length ?? 0),
    requests: tally(all),
  };
}

describe('cost of a pivot', () => {
  it('is at most 12 round trips from fence to activation, however many objects there are', async () => {
    const small = await costOf(1, true);
    const large = await costOf(40, true);
    expect(small.roundTrips.length).toBeLessThanOrEqual(12);
    expect(large.roundTrips.length).toBe(small.roundTrips.length);
  }, 30_000);

  it('is at most 4.3 requests an object for 50 workers', async () => {
    const { perObject, requests } = await costOf(50, false);
    expect([perObject <= 4.3, perObject, requests]).toEqual([true, perObject, requests]);
  }, 30_000);
});
