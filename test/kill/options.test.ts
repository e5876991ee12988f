import { describe, expect, it } from '@jest/globals';
import { killOptions } from './options.ts';
import { createClock } from './clock.ts';
import { countIn, FULL, inPart, SAMPLE, STAGES, stagesIn } from './stages.ts';

describe('options', () => {
  it('are a sample that ends in time, unless told', () => {
    const { seed, sizes, minutes, file } = killOptions([]);
    expect([seed, minutes, file]).toEqual([undefined, 9, undefined]);
    expect(sizes).toEqual(SAMPLE);
  });

  it('are the whole proof with --full, without an end', () => {
    expect(killOptions(['--full'])).toMatchObject({ sizes: FULL, minutes: Infinity });
  });

  it('narrow what is done', () => {
    const flags =
      '--full --seed 7 --only gap,matrix --part 2/3 --workers 1,10 --round-trips 0,50 --count gap=5';
    expect(killOptions(flags.split(' '))).toMatchObject({
      seed: 7,
      sizes: {
        stages: ['matrix'],
        gap: 5,
        part: { index: 2, of: 3 },
        workers: [1, 10],
        roundTripsMs: [0, 50],
      },
    });
  });

  it.each([
    { reason: 'a stage that there is not', flags: ['--only', 'gaps'], says: 'stage gaps' },
    { reason: 'to count what has no number', flags: ['--count', 'pauses=3'], says: 'pauses' },
    { reason: 'a seed that is no number', flags: ['--seed', 'x'], says: 'no number' },
    {
      reason: 'to judge two worlds by the logs of one',
      flags: ['--merge', 'a.json', 'b.json', '--judge', 'logs'],
      says: 'one world',
    },
  ])('refuse $reason', ({ flags, says }) => {
    expect(() => killOptions(flags)).toThrow(says);
  });

  it('all parts together are the whole', () => {
    const all = [1, 2, 3, 4, 5, 6, 7];
    const parts = [1, 2, 3].flatMap((index) => inPart(all, { index, of: 3 }));
    expect(parts.toSorted((a, b) => a - b)).toEqual(all);
  });

  it("all parts together do each stage that can't be split once, and the others in equal shares", () => {
    const stages = [1, 2].map((index) => stagesIn(STAGES, { index, of: 2 }));
    const twice = STAGES.filter((one) => stages.every((some) => some.includes(one)));
    expect(new Set(stages.flat())).toEqual(new Set(STAGES));
    expect(twice).toEqual(['matrix', 'kills', 'faults', 'teardown']);
    expect([1, 2, 3].map((index) => countIn(200, { index, of: 3 }))).toEqual([67, 67, 66]);
  });

  it('name the proofs of parts that are merged', () => {
    const { merge, file } = killOptions(['--merge', 'a.json', 'b.json', '--report', 'whole.md']);
    expect({ merge, file }).toEqual({ merge: ['a.json', 'b.json'], file: 'whole.md' });
  });
});

describe('clock', () => {
  it('gives each stage a share of what is left, and the last one all of it', () => {
    let now = 0;
    const clock = createClock(48, () => now);
    clock.begin('matrix', ['kills']); // 12 of 12 + 12 minutes
    now = 23 * 60_000;
    expect(clock.expired()).toBe(false);
    now = 25 * 60_000;
    expect(clock.expired()).toBe(true);
    clock.begin('kills', []);
    now = 47 * 60_000;
    expect(clock.expired()).toBe(false);
    now = 49 * 60_000;
    expect(clock.expired()).toBe(true);
  });
});
