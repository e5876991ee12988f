import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RenderedProviders } from '@managed-cluster/testbed';
import { createLogger } from '../../lib/log.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { conditionOf, isTrue } from '../../lib/core/conditions.ts';
import { PIVOT } from '../../lib/apis/kinds.ts';
import { equip, strip } from './attacks/sides.ts';
import { identities, machinesOf, makeCluster, operational } from './pivot/clusters.ts';
import { chain, type Counted, counting, gap, tally } from '../fake/request-log.ts';
import { completed, makePivot, until } from './pivot/pivots.ts';
import { type ProviderInProcess, runPivotController } from './pivot/provider.ts';
import { differences, everything } from './pivot/snapshot.ts';
import { flips } from './pivot/flips.ts';
import { cleanUp, forgedIn, poison } from './pivot/hostile.ts';
import { control, management, workload } from './world.ts';

/*
 * Pivots of clusters that nobody composed, by a controller in this process, so that its requests can be
 * seen and cut off. The provider of the stage rests meanwhile.
 */

const SMALL = { name: 'pivot-small', size: { controlPlanes: 1, workers: 0 } } as const;
const MIDDLE = { name: 'pivot-middle', size: { controlPlanes: 3, workers: 2 } } as const;
const LARGE = { name: 'pivot-large', size: { controlPlanes: 3, workers: 50 } } as const;

/** What a request costs over a distance; enough that what is sequential stands out. */
const DISTANCE_MS = 300;

let equipment: RenderedProviders;
let running: ProviderInProcess | undefined;

beforeAll(async () => {
  await control('provider', 'stop');
  const made = [SMALL, MIDDLE, LARGE].map(({ name, size }) =>
    makeCluster(management(), name, size),
  );
  equipment = await equip();
  await Promise.all(made);
  for (const { name, size } of [SMALL, MIDDLE]) {
    // oxlint-disable-next-line no-await-in-loop -- they come up side by side
    await operational(management(), name, size);
  }
});

afterAll(async () => {
  await running?.stop();
  await strip(equipment);
  await control('provider', 'start');
});

interface Sides {
  readonly management?: KubeApi;
  readonly workload?: KubeApi;
}

/** Runs a controller for as long as the work takes. */
async function during<Result>(sides: Sides, work: () => Promise<Result>): Promise<Result> {
  running = runPivotController({
    management: sides.management ?? management(),
    workload: sides.workload ?? workload(),
    log: createLogger('warn'),
  });
  try {
    return await work();
  } finally {
    await running.stop();
    running = undefined;
  }
}

const DIRECTIONS = [
  { direction: 'ToWorkload', of: management, to: workload, flipped: [] },
  {
    direction: 'ToManagement',
    of: workload,
    to: management,
    // Kubeconfigs do not come back, and the one that this Pivot names is not Cluster API's: that one is made again.
    flipped: ['Available False', 'Available Unknown'],
  },
] as const;

describe('a cluster with three control planes and two workers', () => {
  it.each(DIRECTIONS)('goes over unchanged: $direction', async ({ direction, of, to, flipped }) => {
    const { name } = MIDDLE;
    const before = await identities(of(), name);
    const pivot = { cluster: name, name: `over-${direction.toLowerCase()}` };
    const watch = flips(to(), name);
    const end = await during({}, async () => {
      await makePivot(management(), pivot, { direction });
      return completed(management(), name, pivot.name);
    });
    expect(await identities(to(), name)).toEqual(before);
    expect(await machinesOf(of(), name)).toEqual([]);
    expect((await watch.end()).filter((flip) => !flipped.some((one) => one === flip))).toEqual([]);
    expect(end.status?.steps?.map((step) => [step.name, step.endTime !== undefined])).toEqual(
      STEPS.map((step) => [step, true]),
    );
    console.log(`${direction}: ${end.status?.unmanagedMilliseconds} ms without anybody in charge`);
  });

  it('is exactly as it was after an abort', async () => {
    const { name } = MIDDLE;
    const pivot = { cluster: name, name: 'called-off' };
    await operational(management(), name, MIDDLE.size);
    const before = await everything(management(), name);
    const log: Counted[] = [];
    await during({ workload: counting(workload(), log, DISTANCE_MS) }, async () => {
      await makePivot(management(), pivot);
      await until(
        management(),
        pivot,
        'fenced',
        ({ status }) => status?.phase !== undefined && log.length > 60,
      );
      await management().patch(
        { ...PIVOT, namespace: name, name: pivot.name },
        { spec: { abort: true } },
      );
      const end = await until(
        management(),
        pivot,
        'over',
        (seen) => seen.status?.phase === 'Aborted',
      );
      expect(isTrue(end, 'Committed')).toBe(false);
      expect(conditionOf(end, 'Aborted')?.reason).toBe('AbortRequested');
    });
    await operational(management(), name, MIDDLE.size);
    expect(differences(before, await everything(management(), name))).toEqual([]);
    expect(await everything(workload(), name)).toEqual([]);
  });

  it('goes over although two providers believe that they lead', async () => {
    const { name } = MIDDLE;
    const before = await identities(management(), name);
    const second = runPivotController({ management: management(), workload: workload() });
    for (const { direction } of DIRECTIONS) {
      const pivot = { cluster: name, name: `twice-${direction.toLowerCase()}` };
      // oxlint-disable-next-line no-await-in-loop -- there and back
      await during({}, async () => {
        await makePivot(management(), pivot, { direction });
        return completed(management(), name, pivot.name);
      });
    }
    await second.stop();
    expect(await identities(management(), name)).toEqual(before);
  });
});

describe('a cluster whose root is hostile', () => {
  it('comes back as it was handed over, without anything that was added or forged', async () => {
    const { name } = SMALL;
    const before = await identities(management(), name);
    await during({}, async () => {
      await makePivot(management(), { cluster: name, name: 'to-root' });
      await completed(management(), name, 'to-root');
      await poison(workload(), name);
      const back = { cluster: name, name: 'from-root' };
      await makePivot(management(), back, { direction: 'ToManagement' });
      return completed(management(), name, back.name);
    });
    expect(await identities(management(), name)).toEqual(before);
    expect(await forgedIn(management(), name)).toEqual([]);
    await cleanUp(workload(), name);
    await operational(management(), name, SMALL.size);
  });
});

const STEPS = [
  'Prepare',
  'Fence',
  'Copy',
  'RestoreStatus',
  'Verify',
  'Release',
  'Commit',
  'Activate',
  'AwaitAcknowledgement',
  'Retire',
];

/** The goal was 4.3, of which 4.0 are writes that can't be spared (docs/decisions/0011); this keeps it from growing. */
const REQUESTS = 5.5;

/** The goal, over any distance. */
const ROUND_TRIPS = 12;

interface Cost {
  readonly roundTrips: readonly string[];
  readonly requests: readonly string[];
  readonly perObject: number;
}

async function costOf(cluster: string, distanceMs: number, name = 'counted'): Promise<Cost> {
  const logs = { management: [] as Counted[], workload: [] as Counted[] };
  const sides = {
    management: counting(management(), logs.management, distanceMs),
    workload: counting(workload(), logs.workload, distanceMs),
  };
  const end = await during(sides, async () => {
    await makePivot(management(), { cluster, name });
    return completed(management(), cluster, name);
  });
  // Events of a Cluster make the controller look for a Pivot of its name, and of others that there were.
  const all = [...logs.management, ...logs.workload].filter(({ what }) => what !== 'get Pivot');
  const [fence, activation] = gap(logs.management, logs.workload);
  return {
    roundTrips: chain(all, fence, activation),
    requests: tally(all),
    perObject: all.length / (end.status?.moved?.length ?? 0),
  };
}

/**
 * The fewest round trips of some pivots. On a busy machine a request can begin late enough to look as if it
 * had waited for another one, so a single count may be too high, and never too low.
 */
async function fewestRoundTrips(cluster: string): Promise<readonly string[]> {
  let { roundTrips: fewest } = await costOf(cluster, DISTANCE_MS);
  for (let time = 2; time <= 3 && fewest.length > ROUND_TRIPS; time += 1) {
    const back = `back-${time}`;
    // oxlint-disable-next-line no-await-in-loop -- there and back
    await during({}, async () => {
      await makePivot(management(), { cluster, name: back }, { direction: 'ToManagement' });
      return completed(management(), cluster, back);
    });
    // oxlint-disable-next-line no-await-in-loop -- see above
    const { roundTrips } = await costOf(cluster, DISTANCE_MS, `counted-${time}`);
    if (roundTrips.length < fewest.length) fewest = roundTrips;
  }
  return fewest;
}

describe('what a pivot costs', () => {
  it('is at most 12 round trips over a distance, no more for many objects than for few', async () => {
    const small = await fewestRoundTrips(SMALL.name);
    const middle = await fewestRoundTrips(MIDDLE.name);
    console.log(`round trips: ${small.length} and ${middle.length}: ${middle.join(', ')}`);
    expect(middle.length).toBeLessThanOrEqual(ROUND_TRIPS);
    // The owners of workers are one level deeper than those of control planes.
    expect(middle.length - small.length).toBeLessThanOrEqual(2);
  });

  it('is at most 5.5 requests an object for three control planes and 50 workers', async () => {
    await operational(management(), LARGE.name, LARGE.size);
    const { perObject, requests } = await costOf(LARGE.name, 0);
    console.log(`${perObject.toFixed(2)} requests an object\n${requests.slice(0, 30).join('\n')}`);
    expect(perObject).toBeLessThanOrEqual(REQUESTS);
  });
});
