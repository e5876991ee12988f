import { describe, expect, it } from '@jest/globals';
import { freedLease, mayTake, recordOf, takenLease } from './lease.ts';

const ME = { namespace: 'ns', name: 'provider', identity: 'me', leaseSeconds: 15 };
const NOW = new Date('2026-01-01T00:00:00.123Z');

function lease(holder: string, spec: object = {}) {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { namespace: 'ns', name: 'provider', resourceVersion: '7' },
    spec: { holderIdentity: holder, leaseDurationSeconds: 15, leaseTransitions: 3, ...spec },
  };
}

describe('mayTake', () => {
  it.each([
    { reason: 'free', found: lease(''), seenAgo: 0, want: true },
    { reason: 'its own', found: lease('me'), seenAgo: 0, want: true },
    { reason: 'of another, seen just now', found: lease('other'), seenAgo: 0, want: false },
    { reason: 'of another, nearly run out', found: lease('other'), seenAgo: 14_999, want: false },
    { reason: 'of another, run out', found: lease('other'), seenAgo: 15_000, want: true },
    {
      reason: 'of another that said a longer time',
      found: lease('other', { leaseDurationSeconds: 60 }),
      seenAgo: 15_000,
      want: false,
    },
    {
      reason: 'of another, with a time of the past by its own clock',
      found: lease('other', { renewTime: '2001-01-01T00:00:00.000000Z' }),
      seenAgo: 1000,
      want: false,
    },
  ])('$reason: $want', ({ found, seenAgo, want }) => {
    const seen = { record: recordOf(found), at: 50_000 - seenAgo };
    expect(mayTake(found, seen, ME, 50_000)).toBe(want);
  });
});

describe('takenLease', () => {
  const time = '2026-01-01T00:00:00.123000Z';
  it.each([
    {
      reason: 'the first of all',
      last: undefined,
      want: { acquireTime: time, renewTime: time, leaseTransitions: 0 },
    },
    {
      reason: 'a renewal keeps when it was acquired',
      last: lease('me', { acquireTime: 'before' }),
      want: { acquireTime: 'before', renewTime: time, leaseTransitions: 3 },
    },
    {
      reason: 'a change of holder is counted',
      last: lease('other', { acquireTime: 'before' }),
      want: { acquireTime: time, renewTime: time, leaseTransitions: 4 },
    },
  ])('$reason', ({ last, want }) => {
    const taken = takenLease(last, ME, NOW);
    expect(taken['spec']).toEqual({ holderIdentity: 'me', leaseDurationSeconds: 15, ...want });
    expect(taken.metadata.resourceVersion).toBe(last?.metadata.resourceVersion);
  });
});

describe('freedLease', () => {
  it('has no holder and keeps the rest', () => {
    expect(freedLease(lease('me'), NOW)).toMatchObject({
      metadata: { resourceVersion: '7' },
      spec: { holderIdentity: '', leaseDurationSeconds: 1, leaseTransitions: 3 },
    });
  });
});
