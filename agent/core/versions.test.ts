import { describe, expect, it } from '@jest/globals';
import { nextVersion, oldest } from './versions.ts';

describe('nextVersion', () => {
  it.each<{ reason: string; current: string | undefined; wanted: string; want: string }>([
    { reason: 'a patch', current: 'v1.35.1', wanted: 'v1.35.4', want: '' },
    { reason: 'the next minor', current: 'v1.35.4', wanted: 'v1.36.0', want: '' },
    { reason: 'the same', current: 'v1.35.4', wanted: 'v1.35.4', want: '' },
    { reason: 'nothing there', current: undefined, wanted: 'v1.35.4', want: '' },
    {
      reason: 'two minors',
      current: 'v1.35.4',
      wanted: 'v1.37.0',
      want: 'set a v1.36 version first',
    },
    {
      reason: 'another major',
      current: 'v1.35.4',
      wanted: 'v2.0.0',
      want: 'set a v1.36 version first',
    },
    { reason: 'a patch down', current: 'v1.35.4', wanted: 'v1.35.1', want: 'cannot be downgraded' },
    { reason: 'a minor down', current: 'v1.36.0', wanted: 'v1.35.9', want: 'cannot be downgraded' },
  ])('$reason', ({ current, wanted, want }) => {
    const step = nextVersion(current, wanted);
    expect(step.kind === 'Blocked' ? step.message : '').toContain(want);
    expect(step.kind).toBe(want === '' ? 'Reachable' : 'Blocked');
  });
});

describe('oldest', () => {
  it('compares numbers, and passes over what is no version', () => {
    expect(oldest(['v1.36.0', 'v1.9.10', 'v1.9.9', 'x'])).toBe('v1.9.9');
    expect(oldest(['latest'])).toBeUndefined();
  });
});
