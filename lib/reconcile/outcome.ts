import type { OutcomeReason } from '../apis/reasons.ts';

/** Outcome is how one step of a longer protocol stands. */
export type Outcome = Done | Wait | Stalled;

/** Done: the step has nothing left to do; the next one may begin. */
export interface Done {
  readonly kind: 'Done';
}

/** Wait: something else has to happen first; the step is looked at again then, or after a while. */
export interface Wait {
  readonly kind: 'Wait';
  /** For a condition. */
  readonly reason: OutcomeReason;
  /** A sentence: what is waited for. */
  readonly message: string;
  /** Milliseconds until the step is looked at again when no event comes; absent: events only. */
  readonly requeueAfterMs?: number;
}

/** Stalled: the step can't go on before a user does something. */
export interface Stalled {
  readonly kind: 'Stalled';
  /** For a condition. */
  readonly reason: OutcomeReason;
  /** A sentence: what is wrong and what to do. */
  readonly message: string;
}

/** done is the one Outcome of its kind. */
export const done: Done = { kind: 'Done' };

/** wait makes a {@link Wait}. */
export function wait(reason: OutcomeReason, message: string, requeueAfterMs?: number): Wait {
  return {
    kind: 'Wait',
    reason,
    message,
    ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }),
  };
}

/** stalled makes a {@link Stalled}. */
export function stalled(reason: OutcomeReason, message: string): Stalled {
  return { kind: 'Stalled', reason, message };
}
