import { describe, expect, it } from '@jest/globals';
import type { Side } from '../oracle/audit-event.ts';
import { pauseIn, type Turn } from './pauses.ts';

function turns(...all: readonly (readonly [Side, 'stops' | 'runs', number])[]): readonly Turn[] {
  return all.map(([side, what, at]) => ({ side, at, paused: what === 'stops' }));
}

const THERE = turns(
  ['management', 'runs', 0],
  ['management', 'stops', 1000],
  ['workload', 'stops', 1400],
  ['workload', 'runs', 2500],
);

describe('pauseIn', () => {
  it('is from the stop on one side to the going on at the other', () => {
    expect(pauseIn(THERE, 'workload')).toBe(1500);
  });

  it('is that of the last handover', () => {
    const back = turns(
      ['workload', 'stops', 9000],
      ['management', 'stops', 9300],
      ['management', 'runs', 9800],
    );
    expect(pauseIn([...THERE, ...back], 'management')).toBe(800);
  });

  it.each([
    { what: 'nothing has stopped', seen: turns(['workload', 'runs', 0]) },
    { what: 'nobody has gone on', seen: THERE.slice(0, 3) },
  ])('is unknown when $what', ({ seen }) => {
    expect(pauseIn(seen, 'workload')).toBeUndefined();
  });
});
