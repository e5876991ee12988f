import { PAUSED_ANNOTATION } from '../apis/pause.ts';
import type { SyncedReason } from '../apis/reasons/agent-installation.ts';
import type { NextCondition } from '../core/set-condition.ts';
import { messageOf } from '../errors.ts';
import type { Ending } from './managed.ts';

/** RECONCILE_ERROR is the reason of a pass that failed and is tried again. */
export const RECONCILE_ERROR = 'ReconcileError';

/** syncedOf says whether the last pass could do what it wanted, in Crossplane's words (crossplane-runtime v2 xpv1.TypeSynced). */
export function syncedOf(ending: Ending): NextCondition<SyncedReason> {
  switch (ending.kind) {
    case 'Paused':
      return PAUSED;
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

/** PAUSED is the condition of an object for which nothing may be done. */
export const PAUSED = {
  type: 'Synced',
  status: 'False',
  reason: 'ReconcilePaused',
  message: `Paused by the annotation ${PAUSED_ANNOTATION}: remove it to resume`,
} as const;

const SUCCESS = {
  type: 'Synced',
  status: 'True',
  reason: 'ReconcileSuccess',
  message: '',
} as const;

function failed(message: string): NextCondition<SyncedReason> {
  return { type: 'Synced', status: 'False', reason: RECONCILE_ERROR, message };
}
