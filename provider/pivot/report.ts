import { PAUSED_ANNOTATION } from '../../lib/apis/pause.ts';
import type { NextCondition } from '../../lib/core/set-condition.ts';
import type { Outcome } from '../../lib/reconcile/outcome.ts';
import { isUnmanaged, type Journal } from '../core/pivot/journal.ts';

/**
 * pausedCondition returns the condition of a Pivot that is paused while the cluster is fenced or about to
 * be fenced; undefined while one side owns the cluster.
 */
export function pausedCondition(journal: Journal, committed: boolean): NextCondition | undefined {
  if (!isUnmanaged(journal)) return undefined;
  const remove = `remove the annotation ${PAUSED_ANNOTATION}to resume the pivot`;
  const way = committed
    ? remove
    : `${remove}, or first set spec.abort to true to return the cluster to the source`;
  return {
    type: 'Ready',
    status: 'False',
    reason: 'PausedWhileFenced',
    message: `The Pivot is paused while the cluster is fenced, so no controller reconciles the cluster; ${way}`,
  };
}

/** readyCondition reports what the pivot waits for, or that it is finished. */
export function readyCondition(outcome: Outcome<unknown>, finished: boolean): NextCondition {
  if (finished) {
    return { type: 'Ready', status: 'True', reason: 'Completed', message: 'The pivot is complete' };
  }
  return outcome.kind === 'Done'
    ? { type: 'Ready', status: 'False', reason: 'Aborted', message: 'The pivot was aborted' }
    : { type: 'Ready', status: 'False', reason: outcome.reason, message: outcome.message };
}
