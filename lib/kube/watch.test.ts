import { describe, expect, it } from '@jest/globals';
import { backOff } from '../core/back-off.ts';
import type { KubeList } from './api.ts';
import { NoMatchError, StatusError } from './errors.ts';
import { runWatch, WATCH_BACK_OFF } from './watch.ts';
import type { RawEvent } from './watch-view.ts';

const TYPE = { apiVersion: 'v1', kind: 'ConfigMap' };

interface Step {
  /** Duration of the attempt in milliseconds. */
  readonly ms: number;
  readonly error?: Error;
  readonly events?: number;
}

/** Runs a watch whose streams follow the steps, on a clock of the test. */
async function waits(steps: Step[]): Promise<{ waits: number[]; lists: number }> {
  const stop = new AbortController();
  const slept: number[] = [];
  let clock = 0;
  let lists = 0;
  let version = 100;
  async function* events(): AsyncGenerator<RawEvent, void, undefined> {
    const step = steps.shift();
    if (step === undefined) {
      stop.abort();
      return;
    }
    clock += step.ms;
    for (let i = 0; i < (step.events ?? 0); i++) {
      const metadata = { name: 'a', resourceVersion: String(version++) };
      yield { type: 'MODIFIED', object: { ...TYPE, metadata } };
    }
    await Promise.resolve();
    if (step.error !== undefined) throw step.error;
  }
  const list: KubeList = { resourceVersion: '1', items: [] };
  const source = {
    list: () => Promise.resolve(((lists += 1), list)),
    events,
  };
  const pacing = {
    sleep: (ms: number) => Promise.resolve(void slept.push(ms)),
    random: () => 1,
    now: () => clock,
  };
  await runWatch(source, () => undefined, { type: TYPE, signal: stop.signal }, pacing);
  return { waits: slept, lists };
}

describe('pacing of a watch', () => {
  const broke = new Error('broke');
  const busy = new StatusError('watch', 500, { kind: 'Status' });
  const table: readonly [string, Step[], number[], number][] = [
    [
      'a stream that ends on time is resumed immediately',
      [{ ms: 250_000 }, { ms: 250_000 }],
      [],
      1,
    ],
    [
      'a stream that ends immediately is resumed with a growing delay',
      [{ ms: 1 }, { ms: 1 }, { ms: 1 }],
      [500, 1000, 2000],
      4,
    ],
    [
      'failures double the wait',
      [
        { ms: 1, error: broke },
        { ms: 1, error: busy },
      ],
      [500, 1000],
      3,
    ],
    [
      'events reset the failure count',
      [
        { ms: 1, error: broke },
        { ms: 1, events: 1, error: broke },
      ],
      [500, 500],
      3,
    ],
    [
      'a long silent stream resets the failure count',
      [
        { ms: 1, error: broke },
        { ms: 99_000, error: broke },
      ],
      [500, 500],
      3,
    ],
    [
      'each failure lists again: the server may have been restored from a backup',
      Array.from({ length: 4 }, () => ({ ms: 1, error: broke })),
      [500, 1000, 2000, 4000],
      5,
    ],
    ['410 lists anew', [{ ms: 1, error: new StatusError('watch', 410, {}) }], [500], 2],
    ['a removed kind lists again', [{ ms: 1, error: new NoMatchError('v1', 'X') }], [500], 2],
  ];
  it.each(table)('%s', async (_reason, steps, expected, lists) => {
    expect(await waits([...steps])).toEqual({ waits: expected, lists });
  });

  it.each([
    ['the first, at most', 1, 1, 500],
    ['the first, at least', 1, 0, 250],
    ['capped at 30 s', 40, 1, 30_000],
    ['capped, at least', 40, 0, 15_000],
  ])('back-off: %s', (_reason, failures, random, ms) => {
    expect(backOff(WATCH_BACK_OFF, failures, random)).toBe(ms);
  });
});
