import { describe, expect, it } from '@jest/globals';
import { escrowDue, LONGEST_MS, SHORTEST_MS } from './escrow-due.ts';

const OWN = { selfManaged: true, ageMs: 0, reportChanged: false };

describe('escrowDue', () => {
  it.each([
    { reason: 'there is none', facts: { ...OWN, ageMs: undefined }, due: { now: true } },
    {
      reason: 'the cluster is not its own, although there is none',
      facts: { ...OWN, selfManaged: false, ageMs: undefined },
      due: { now: false },
    },
    {
      reason: 'a new report comes too soon',
      facts: { ...OWN, ageMs: 20_000, reportChanged: true },
      due: { now: false, againAfterMs: SHORTEST_MS - 20_000 },
    },
    {
      reason: 'a new report comes after a minute',
      facts: { ...OWN, ageMs: SHORTEST_MS, reportChanged: true },
      due: { now: true },
    },
    {
      reason: 'nothing is new',
      facts: { ...OWN, ageMs: SHORTEST_MS },
      due: { now: false, againAfterMs: LONGEST_MS - SHORTEST_MS },
    },
    {
      reason: 'nothing is new for an hour',
      facts: { ...OWN, ageMs: LONGEST_MS },
      due: { now: true },
    },
    { reason: 'the clock went back', facts: { ...OWN, ageMs: -1 }, due: { now: true } },
  ])('$reason', ({ facts, due }) => {
    expect(escrowDue(facts)).toEqual(due);
  });
});
