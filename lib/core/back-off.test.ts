import { describe, expect, it } from '@jest/globals';
import { type BackOff, backOff } from './back-off.ts';

const PLAIN: BackOff = { firstMs: 1000, longestMs: 60_000 };

describe('backOff', () => {
  it.each<{ reason: string; of: BackOff; failures: number; random?: number; ms: number }>([
    { reason: 'the first', of: PLAIN, failures: 1, ms: 1000 },
    { reason: 'none at all counts as the first', of: PLAIN, failures: 0, ms: 1000 },
    { reason: 'doubles', of: PLAIN, failures: 4, ms: 8000 },
    { reason: 'grows no longer', of: PLAIN, failures: 7, ms: 60_000 },
    { reason: 'is bounded however often it fails', of: PLAIN, failures: 5000, ms: 60_000 },
    { reason: 'chance without jitter', of: PLAIN, failures: 1, random: 0, ms: 1000 },
    { reason: 'grows as told', of: { ...PLAIN, factor: 3 }, failures: 3, ms: 9000 },
    { reason: 'at least', of: { ...PLAIN, jitter: 0.25 }, failures: 1, random: 0, ms: 750 },
    { reason: 'at most', of: { ...PLAIN, jitter: 0.25 }, failures: 1, random: 1, ms: 1000 },
    { reason: 'between', of: { ...PLAIN, jitter: 0.5 }, failures: 2, random: 0.5, ms: 1500 },
    {
      reason: 'bounded, at least',
      of: { ...PLAIN, jitter: 0.5 },
      failures: 99,
      random: 0,
      ms: 30_000,
    },
  ])('$reason: $ms ms', ({ of, failures, random, ms }) => {
    expect(backOff(of, failures, random)).toBe(ms);
  });
});
