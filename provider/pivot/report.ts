import type { NextCondition } from '../../lib/core/set-condition.ts';
import type { Outcome } from '../../lib/reconcile/outcome.ts';
import { isUnmanaged, type Journal } from '../core/pivot/journal.ts';

/** syncedCondition says whether the last pass could do what it wanted (facts/crossplane.md 7). */
export function syncedCondition(pass: 'Done' | 'Paused' | 'Error', message = ''): NextCondition {
  switch (pass) {
    case 'Done':
      return { type: 'Synced', status: 'True', reason: 'ReconcileSuccess', message };
    case 'Paused':
      return {
        type: 'Synced',
        status: 'False',
        reason: 'ReconcilePaused',
        message: 'Nothing is done while the annotation crossplane.io/paused is true',
      };
    case 'Error':
      return { type: 'Synced', status: 'False', reason: RECONCILE_ERROR, message };
  }
}

/**
 * pausedCondition is for a Pivot that is paused while the cluster is fenced, or about to be; undefined while
 * somebody has the cluster.
 */
export function pausedCondition(
  journal: Journal,
  committed: boolean,
): (NextCondition & { readonly message: string }) | undefined {
  if (!isUnmanaged(journal)) return undefined;
  const way = committed
    ? 'remove the annotation crossplane.io/paused, so that the pivot goes on'
    : 'remove the annotation crossplane.io/paused, so that the pivot goes on, or set spec.abort to true before, so that the cluster is given back';
  return {
    type: 'Ready',
    status: 'False',
    reason: 'PausedWhileFenced',
    message: `The Pivot is paused in the middle: the cluster is fenced and nobody manages it; ${way}`,
  };
}

/** RECONCILE_ERROR is the reason of a pass that failed and is tried again at once. */
export const RECONCILE_ERROR = 'ReconcileError';

/** syncedBy says it of a pass that ended with an Outcome. */
export function syncedBy(outcome: Outcome): NextCondition {
  return outcome.kind === 'Wait' && outcome.reason === RECONCILE_ERROR
    ? syncedCondition('Error', outcome.message)
    : syncedCondition('Done');
}

/** readyCondition says what the pivot waits for, or that nothing is left to do. */
export function readyCondition(outcome: Outcome, finished: boolean): NextCondition {
  if (finished) {
    return { type: 'Ready', status: 'True', reason: 'Completed', message: 'The pivot is complete' };
  }
  return outcome.kind === 'Done'
    ? { type: 'Ready', status: 'False', reason: 'Aborted', message: 'The pivot was aborted' }
    : { type: 'Ready', status: 'False', reason: outcome.reason, message: outcome.message };
}
