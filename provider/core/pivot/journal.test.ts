import { describe, expect, it } from '@jest/globals';
import {
  journalJson,
  journalOf,
  LONGEST_FENCE_MS,
  openAttempt,
  overdue,
  retryAfterMs,
  unfinishedAbort,
  type Aborted,
  type Attempt,
  type Journal,
} from './journal.ts';

const AT = '2026-01-01T00:00:00Z';
const attempt: Attempt = { epoch: 2, owner: 'management', at: AT, hash: 'h', types: [] };
const aborted: Aborted = {
  epoch: 2,
  reason: 'TookTooLong',
  message: 'm',
  at: AT,
  sourceBack: false,
  targetClean: false,
};

function after(ms: number): Date {
  return new Date(Date.parse(AT) + ms);
}

describe('journal', () => {
  it('reads what it wrote', () => {
    const journal: Journal = { attempts: 3, attempt, aborted, activatedAt: AT };
    expect(journalOf({ journal: journalJson(journal) })).toEqual(journal);
  });

  it.each([
    ['nothing', undefined],
    ['no status', {}],
    ['another shape', { journal: { attempts: 'many' } }],
    ['an attempt of another shape', { journal: { attempts: 1, attempt: { epoch: '2' } } }],
  ])('is empty for %s', (_reason, status) => {
    expect(journalOf(status)).toEqual({ attempts: 0 });
  });

  it.each([
    { reason: 'none', journal: { attempts: 0 }, open: false, unfinished: false },
    { reason: 'under way', journal: { attempts: 1, attempt }, open: true, unfinished: false },
    {
      reason: 'aborted',
      journal: { attempts: 1, attempt, aborted },
      open: false,
      unfinished: true,
    },
    {
      reason: 'source back, copies still there',
      journal: { attempts: 1, attempt, aborted: { ...aborted, sourceBack: true } },
      open: false,
      unfinished: true,
    },
    {
      reason: 'taken back',
      journal: {
        attempts: 1,
        attempt,
        aborted: { ...aborted, sourceBack: true, targetClean: true },
      },
      open: false,
      unfinished: false,
    },
    {
      reason: 'a new one after an abort',
      journal: {
        attempts: 2,
        attempt: { ...attempt, epoch: 4 },
        aborted: { ...aborted, sourceBack: true, targetClean: true },
      },
      open: true,
      unfinished: false,
    },
  ])('attempt $reason: open $open', ({ journal, open, unfinished }) => {
    expect(openAttempt(journal) !== undefined).toBe(open);
    expect(unfinishedAbort(journal) !== undefined).toBe(unfinished);
  });
});

describe('overdue', () => {
  it.each([
    { reason: 'just fenced', elapsed: 1000, watched: 1000, want: false },
    { reason: 'for too long', elapsed: LONGEST_FENCE_MS, watched: 0, want: true },
    { reason: 'the clock went back', elapsed: -3_600_000, watched: 1000, want: false },
    {
      reason: 'the clock went back, but we watched',
      elapsed: -3_600_000,
      watched: LONGEST_FENCE_MS,
      want: true,
    },
  ])('$reason: $want', ({ elapsed, watched, want }) => {
    expect(overdue(AT, after(elapsed), watched)).toBe(want);
  });
});

describe('retryAfterMs', () => {
  it.each([
    { reason: 'the first', attempts: 1, elapsed: 0, want: 15_000 },
    { reason: 'some time has passed', attempts: 1, elapsed: 5000, want: 10_000 },
    { reason: 'it is over', attempts: 1, elapsed: 61_000, want: 0 },
    { reason: 'doubles', attempts: 3, elapsed: 0, want: 60_000 },
    { reason: 'at most an hour', attempts: 30, elapsed: 0, want: 3_600_000 },
    { reason: 'the clock went back', attempts: 1, elapsed: -86_400_000, want: 15_000 },
  ])('$reason: $want', ({ attempts, elapsed, want }) => {
    expect(retryAfterMs({ attempts }, aborted, after(elapsed))).toBe(want);
  });
});
