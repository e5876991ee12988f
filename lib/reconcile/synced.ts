import type { NextCondition } from '../core/set-condition.ts';
import { messageOf } from '../errors.ts';
import type { Ending } from './managed.ts';

/** RECONCILE_ERROR is the reason of a pass that failed and is tried again. */
export const RECONCILE_ERROR = 'ReconcileError';

/** syncedOf says whether the last pass could do what it wanted, in Crossplane's words (crossplane-runtime v2 xpv1.TypeSynced). */
export function syncedOf(ending: Ending): NextCondition {
  switch (ending.kind) {
    case 'Paused':
      return {
        type: 'Synced',
        status: 'False',
        reason: 'ReconcilePaused',
        message: 'Paused by the annotation crossplane.io/paused: remove it to go on',
      };
    case 'Failed':
      return failed(messageOf(ending.error));
    case 'Wait':
      // A failure that can't wait for a back-off is an Outcome.
      return ending.reason === RECONCILE_ERROR ? failed(ending.message) : SUCCESS;
    case 'Done':
    case 'Stalled':
    case 'GiveUp':
      return SUCCESS;
  }
}

const SUCCESS = {
  type: 'Synced',
  status: 'True',
  reason: 'ReconcileSuccess',
  message: '',
} as const;

function failed(message: string): NextCondition {
  return { type: 'Synced', status: 'False', reason: RECONCILE_ERROR, message };
}
