import { describe, expect, it } from '@jest/globals';
import { killOptions } from './options.ts';
import { FULL, inPart, SAMPLE } from './stages.ts';

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
    const flags = '--full --seed 7 --only gap,matrix --part 2/3 --workers 1,10 --round-trips 0,50';
    expect(killOptions(flags.split(' '))).toMatchObject({
      seed: 7,
      sizes: {
        stages: ['gap', 'matrix'],
        part: { index: 2, of: 3 },
        workers: [1, 10],
        roundTripsMs: [0, 50],
      },
    });
  });

  it.each([
    { reason: 'a stage that there is not', flags: ['--only', 'gaps'], says: 'stage gaps' },
    { reason: 'a seed that is no number', flags: ['--seed', 'x'], says: 'no number' },
  ])('refuse $reason', ({ flags, says }) => {
    expect(() => killOptions(flags)).toThrow(says);
  });

  it('all parts together are the whole', () => {
    const all = [1, 2, 3, 4, 5, 6, 7];
    const parts = [1, 2, 3].flatMap((index) => inPart(all, { index, of: 3 }));
    expect(parts.toSorted((a, b) => a - b)).toEqual(all);
  });
});
