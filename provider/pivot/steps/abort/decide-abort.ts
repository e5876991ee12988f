import { done, type GiveUp, type Outcome } from '../../../../lib/reconcile/outcome.ts';
import { openAttempt } from '../../../core/pivot/journal.ts';
import type { PivotStep, Scope } from '../../scope.ts';

/**
 * decideAbort records that the open attempt is aborted: a single compare-and-swap, after which no process
 * can commit it any more. Everything else is reverted afterwards.
 */
export const decideAbort: PivotStep<GiveUp> = { name: 'DecideAbort', run };

async function run({ record, deps }: Scope, { reason, message }: GiveUp): Promise<Outcome> {
  const attempt = openAttempt(record.journal);
  if (attempt === undefined) return done;
  const at = deps.clock.now().toISOString();
  const { epoch } = attempt;
  await record.save({
    phase: 'Aborting',
    journal: { aborted: { epoch, reason, message, at, sourceBack: false, targetClean: false } },
    conditions: [
      { type: 'Aborted', status: 'True', reason, message },
      { type: 'Released', status: 'False', reason: 'Aborted', message },
    ],
  });
  deps.events.event(record.object, 'Warning', 'PivotAborted', message);
  return done;
}
