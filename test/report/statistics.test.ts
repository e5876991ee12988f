import { describe, expect, it } from '@jest/globals';
import { median, percentile } from './statistics.ts';

describe('percentile', () => {
  it.each([
    { values: [3, 1, 2], share: 0.5, expected: 2 },
    { values: [1, 2, 3, 4], share: 0.5, expected: 2 },
    { values: Array.from({ length: 100 }, (_none, at) => at + 1), share: 0.99, expected: 99 },
    { values: [5], share: 0.99, expected: 5 },
  ])('$share of $values.length values is $expected', ({ values, share, expected }) => {
    expect(percentile(values, share)).toBe(expected);
  });

  it('of none is no number', () => {
    expect(median([])).toBeNaN();
  });
});
