import { PAUSED_ANNOTATION } from '../apis/pause.ts';
import type { SyncedReason } from '../apis/reasons/agent-installation.ts';
import type { NextCondition } from '../core/set-condition.ts';
import { messageOf } from '../errors.ts';
import type { Ending } from './managed.ts';

/**
 * syncedOf reports whether the last reconcile succeeded, with the reasons of Crossplane (crossplane-runtime
 * v2 xpv1.TypeSynced).
 */
export function syncedOf(ending: Ending): NextCondition<SyncedReason> {
  switch (ending.kind) {
    case 'Paused':
      return PAUSED;
    case 'Failed':
      return failed(messageOf(ending.error));
    case 'Wait':
      return ending.failed === true ? failed(ending.message) : SUCCESS;
    case 'Done':
    case 'Stalled':
    case 'GiveUp':
      return SUCCESS;
  }
}

/** PAUSED is the condition of a paused object. */
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
  return { type: 'Synced', status: 'False', reason: 'ReconcileError', message };
}
