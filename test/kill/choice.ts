import { setTimeout as sleep } from 'node:timers/promises';
import { SIDES, type Side } from '../oracle/audit-event.ts';
import type { Writes } from './kill-point.ts';
import type { Disturbance } from './outcome.ts';
import type { Random } from './random.ts';

/** Choice is what is needed to choose a disturbance. */
export interface Choice {
  readonly random: Random;
  /** Which one of its stage, from 0: kinds and sides take turns, so that each gets its share. */
  readonly turn: number;
  /** Writes of a handover in that direction. */
  readonly writes: Writes;
}

/** A handover takes about so long; what happens at some time in it happens before. */
const SPAN_MS = 1500;

/** someTime is a moment of a handover, in milliseconds from its start. */
export function someTime(random: Random): number {
  return random.below(SPAN_MS);
}

/** inTurn is one of some, and the side that goes with it: all of them before one comes again. */
export function inTurn<T>(
  all: readonly T[],
  turn: number,
): { readonly one: T; readonly side: Side } {
  const one = all[turn % all.length];
  const side = SIDES[Math.floor(turn / all.length) % SIDES.length];
  if (one === undefined || side === undefined) throw new Error('cannot take turns of none');
  return { one, side };
}

/** Moment is something that is done at a time of a handover. */
export interface Moment {
  readonly name: string;
  readonly kind: string;
  /** Milliseconds from the start. */
  readonly after: number;
  readonly act: () => Promise<void>;
}

/** atTime does something at a time, whatever the handover is about. */
export function atTime({ name, kind, after, act }: Moment): Disturbance {
  return {
    name: `${name} after ${after} ms`,
    kind,
    begin(step) {
      const struck = sleep(after).then(async () => {
        const reached = await step();
        await act();
        return { write: '-', step: reached };
      });
      struck.catch(() => undefined); // whoever waits for it is told
      return () => struck;
    },
  };
}
