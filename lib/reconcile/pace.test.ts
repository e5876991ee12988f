import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { exceeded } from '../kube/bounds.ts';
import { currentPatience } from '../kube/patience.ts';
import { createLogger } from '../log.ts';
import { type Controller, createController, type Key } from './controller.ts';
import { PACE, restAfter } from './pace.ts';

const WORKERS = 2;
let stop = new AbortController();
beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  stop.abort();
  stop = new AbortController();
  jest.useRealTimers();
});

interface Seen {
  readonly controller: Controller;
  /** Start times of the reconciles of each key, in seconds. */
  readonly starts: Map<string, number[]>;
  readonly lines: string[];
}

/** A controller whose reconciles send one request of so many seconds; a negative number exceeds a bound. */
function running(seconds: (object: Key) => number): Seen {
  const starts = new Map<string, number[]>();
  const lines: string[] = [];
  const zero = performance.now();
  const controller = createController(
    {
      name: 'test',
      async reconcile(object) {
        const now = Math.round((performance.now() - zero) / 1000);
        starts.set(object.name, [...(starts.get(object.name) ?? []), now]);
        await asked(seconds(object));
        return { requeueAfterMs: 1000 };
      },
    },
    { log: createLogger('warn', { write: (line) => lines.push(line) }), workers: WORKERS },
  );
  void controller.run(stop.signal);
  return { controller, starts, lines };
}

/** A request to a workload cluster. */
async function asked(seconds: number): Promise<void> {
  const patience = currentPatience();
  await patience?.request(
    () =>
      new Promise<void>((resolve, reject) => {
        if (seconds < 0) reject(exceeded('more than enough'));
        setTimeout(resolve, seconds * 1000);
        patience.signal.addEventListener('abort', () => reject(patience.signal.reason));
      }),
  );
}

function key(name: string): Key {
  return { namespace: 'ns', name };
}

function after(seconds: number): Promise<void> {
  return jest.advanceTimersByTimeAsync(seconds * 1000);
}

describe('the pace of a controller', () => {
  it('a slow cluster rests for the time that it took, longer each time, up to a minute', async () => {
    const { controller, starts, lines } = running(() => 22);
    controller.enqueue(key('slow'));
    await after(500);
    // 22 s of which 20 count: 20 s, 40 s, then 60 s.
    expect(starts.get('slow')).toEqual([0, 42, 104, 186, 268, 350, 432]);
    expect(lines[0]).toContain('answers slowly or too much');
  });

  it('events do not shorten the rest', async () => {
    const { controller, starts } = running(() => 22);
    controller.enqueue(key('slow'));
    await after(23);
    for (let i = 0; i < 15; i++) {
      controller.enqueue(key('slow'));
      // oxlint-disable-next-line no-await-in-loop -- one event each second
      await after(1);
    }
    expect(starts.get('slow')).toEqual([0]);
    await after(5);
    expect(starts.get('slow')).toEqual([0, 42]);
  });

  it('an answer that exceeds a bound makes the cluster rest, however quick it was', async () => {
    const { controller, starts } = running(() => -1);
    controller.enqueue(key('endless'));
    await after(2.5);
    expect(starts.get('endless')).toEqual([0]);
    await after(1);
    expect(starts.get('endless')).toEqual([0, 3]);
  });

  it('a cluster that is quick again is treated like the others', async () => {
    let answers = [22, 0];
    const { controller, starts } = running(() => answers.shift() ?? 0);
    controller.enqueue(key('slow'));
    await after(45.5);
    answers = [22];
    await after(45);
    expect(starts.get('slow')?.slice(0, 7)).toEqual([0, 42, 43, 44, 45, 46, 88]);
  });

  it('slow clusters take no worker from the others, and end early if there are many', async () => {
    const { controller, starts } = running(({ name }) => (name.startsWith('slow') ? 59 : 0));
    for (let i = 0; i < 10; i++) controller.enqueue(key(`slow${i}`));
    await after(0);
    controller.enqueue(key('honest'));
    await after(26);
    // Ten slow ones have passed by two workers, five seconds each; two are in the slow lane.
    expect(starts.size).toBe(11);
    expect(starts.get('honest')?.[0]).toBe(25);
    const before = starts.get('honest')?.length ?? 0;
    await after(600);
    const perSecond = ((starts.get('honest')?.length ?? 0) - before) / 600;
    expect(perSecond).toBeGreaterThan(0.99);
  });

  it('waits for slow reconciles when it stops', async () => {
    const { controller, starts } = running(() => 10);
    controller.enqueue(key('slow'));
    await after(6);
    stop.abort();
    await after(60);
    expect(starts.get('slow')).toEqual([0]);
  });
});

describe('restAfter', () => {
  it.each([
    ['as long as it waited', 10_000, 1, 10_000],
    ['twice as long the second time', 10_000, 2, 20_000],
    ['a minute at most', 30_000, 9, 60_000],
    ['a quick answer that exceeds a bound', 0, 1, 3000],
  ])('%s', (_reason, spentMs, count, ms) => {
    expect(restAfter(PACE, spentMs, count)).toBe(ms);
  });
});
