import { describe, expect, it } from '@jest/globals';
import type { Condition } from './conditions.ts';
import { setCondition } from './set-condition.ts';

const THEN = '2026-01-01T00:00:00Z';
const NOW = '2026-01-02T00:00:00Z';
const READY = { type: 'Ready', status: 'True', reason: 'Available', message: '' } as const;

describe('setCondition', () => {
  it.each<{ reason: string; all: readonly Condition[]; want: readonly Condition[] }>([
    { reason: 'a first one', all: [], want: [{ ...READY, lastTransitionTime: NOW }] },
    {
      reason: 'the same status keeps its time, whatever else changes',
      all: [{ ...READY, reason: 'Other', message: 'old', lastTransitionTime: THEN }],
      want: [{ ...READY, lastTransitionTime: THEN }],
    },
    {
      reason: 'another status takes the present time',
      all: [{ ...READY, status: 'Unknown', lastTransitionTime: THEN }],
      want: [{ ...READY, lastTransitionTime: NOW }],
    },
    {
      reason: 'a time that is missing is made up for',
      all: [READY],
      want: [{ ...READY, lastTransitionTime: NOW }],
    },
    {
      reason: 'others stay as they are, sorted by type',
      all: [
        { type: 'Synced', status: 'True', lastTransitionTime: THEN },
        { type: 'Aborted', status: 'False' },
      ],
      want: [
        { type: 'Aborted', status: 'False' },
        { ...READY, lastTransitionTime: NOW },
        { type: 'Synced', status: 'True', lastTransitionTime: THEN },
      ],
    },
    {
      reason: 'an old generation is not carried over',
      all: [{ ...READY, observedGeneration: 1, lastTransitionTime: THEN }],
      want: [{ ...READY, lastTransitionTime: THEN }],
    },
  ])('$reason', ({ all, want }) => {
    expect(setCondition(all, READY, NOW)).toEqual(want);
  });

  it('carries the generation', () => {
    expect(setCondition([], { ...READY, observedGeneration: 3 }, NOW)).toEqual([
      { ...READY, observedGeneration: 3, lastTransitionTime: NOW },
    ]);
  });
});
