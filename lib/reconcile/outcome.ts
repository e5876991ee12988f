import type { OutcomeReason } from '../apis/reasons.ts';
import type { AbortReason } from '../apis/reasons/pivot.ts';

/**
 * Outcome is what came of a step: it is over and hands a value to the next one, or it is open. It is the only
 * way in which a step says so; an exception is a failure, which is tried again.
 */
export type Outcome<Value = void> = Done<Value> | Open;

/** Open is the Outcome of a step that is not over: no later step begins. */
export type Open = Wait | Stalled | GiveUp;

/** Done: the step has nothing left to do; the next one may begin. */
export interface Done<Value = void> {
  readonly kind: 'Done';
  /** What the step hands to the next one. */
  readonly value: Value;
  /** Milliseconds until it is looked at again when no event comes, for drift; absent: events only. */
  readonly requeueAfterMs?: number;
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
  /** What is waited for is the next try of something that has failed. */
  readonly failed?: true;
}

/** Stalled: the step can't go on before a user does something. */
export interface Stalled {
  readonly kind: 'Stalled';
  /** For a condition. */
  readonly reason: OutcomeReason;
  /** A sentence: what is wrong and what to do. */
  readonly message: string;
}

/** GiveUp: this attempt can't come to an end any more. It is taken back, and may be tried again later. */
export interface GiveUp {
  readonly kind: 'GiveUp';
  /** For a condition. */
  readonly reason: AbortReason;
  /** A sentence: what happened. */
  readonly message: string;
}

/** done is the Outcome of a step that is over and hands nothing on. */
export const done: Done = { kind: 'Done', value: undefined };

/** doneWith is the Outcome of a step that is over and hands a value to the next one. */
export function doneWith<Value>(value: Value): Done<Value> {
  return { kind: 'Done', value };
}

/** wait makes a {@link Wait}. */
export function wait(reason: OutcomeReason, message: string, requeueAfterMs?: number): Wait {
  return {
    kind: 'Wait',
    reason,
    message,
    ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }),
  };
}

/** retryAfter is a {@link Wait} for the next try of what has failed, where the back-off of the queue would take too long. */
export function retryAfter(requeueAfterMs: number, message: string): Wait {
  return { kind: 'Wait', reason: 'ReconcileError', message, requeueAfterMs, failed: true };
}

/** stalled makes a {@link Stalled}. */
export function stalled(reason: OutcomeReason, message: string): Stalled {
  return { kind: 'Stalled', reason, message };
}

/** giveUp makes a {@link GiveUp}. */
export function giveUp(reason: AbortReason, message: string): GiveUp {
  return { kind: 'GiveUp', reason, message };
}

/** firstOpen is the first Outcome that is not over; undefined when all are. */
export function firstOpen(outcomes: readonly Outcome<unknown>[]): Open | undefined {
  return outcomes.find((outcome): outcome is Open => outcome.kind !== 'Done');
}
