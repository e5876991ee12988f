import type { OutcomeReason } from '../apis/reasons.ts';
import type { AbortReason } from '../apis/reasons/pivot.ts';

/**
 * Outcome is the result of a step: it is finished and passes a value to the next step, or it is open. A
 * step reports this only through its Outcome; an exception is a failure, which is retried.
 */
export type Outcome<Value = void> = Done<Value> | Open;

/** Open is the Outcome of a step that is not finished: no later step starts. */
export type Open = Wait | Stalled | GiveUp;

/** Done says that the step is finished; the next one may start. */
export interface Done<Value = void> {
  readonly kind: 'Done';
  /** The value for the next step. */
  readonly value: Value;
  /** Milliseconds until it is checked again for drift without an event; absent: events only. */
  readonly requeueAfterMs?: number;
}

/** Wait says that something else has to happen first; the step is run again then, or after a delay. */
export interface Wait {
  readonly kind: 'Wait';
  /** For a condition. */
  readonly reason: OutcomeReason;
  /** Message that says what is waited for. */
  readonly message: string;
  /** Milliseconds until the step is run again without an event; absent: events only. */
  readonly requeueAfterMs?: number;
  /** The step failed and waits for its retry. */
  readonly failed?: true;
}

/** Stalled says that the step cannot continue until a user acts. */
export interface Stalled {
  readonly kind: 'Stalled';
  /** For a condition. */
  readonly reason: OutcomeReason;
  /** Message that says what is wrong and what to do. */
  readonly message: string;
}

/** GiveUp says that this attempt cannot succeed. It is reverted, and may be retried later. */
export interface GiveUp {
  readonly kind: 'GiveUp';
  /** For a condition. */
  readonly reason: AbortReason;
  /** Message that says what happened. */
  readonly message: string;
}

/** done is the Outcome of a finished step without a value. */
export const done: Done = { kind: 'Done', value: undefined };

/** doneWith is the Outcome of a finished step with a value for the next one. */
export function doneWith<Value>(value: Value): Done<Value> {
  return { kind: 'Done', value };
}

/** wait creates a {@link Wait}. */
export function wait(reason: OutcomeReason, message: string, requeueAfterMs?: number): Wait {
  return {
    kind: 'Wait',
    reason,
    message,
    ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }),
  };
}

/** retryAfter creates a {@link Wait} for the retry of what failed, if the back-off of the queue would take too long. */
export function retryAfter(requeueAfterMs: number, message: string): Wait {
  return { kind: 'Wait', reason: 'ReconcileError', message, requeueAfterMs, failed: true };
}

/** stalled creates a {@link Stalled}. */
export function stalled(reason: OutcomeReason, message: string): Stalled {
  return { kind: 'Stalled', reason, message };
}

/** giveUp creates a {@link GiveUp}. */
export function giveUp(reason: AbortReason, message: string): GiveUp {
  return { kind: 'GiveUp', reason, message };
}

/** firstOpen returns the first open Outcome; undefined if all are finished. */
export function firstOpen(outcomes: readonly Outcome<unknown>[]): Open | undefined {
  return outcomes.find((outcome): outcome is Open => outcome.kind !== 'Done');
}
