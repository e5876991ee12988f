import { PIVOT } from '../../lib/apis/kinds.ts';
import { wrapError } from '../../lib/errors.ts';
import { done, stalled, wait, type Outcome } from '../../lib/reconcile/outcome.ts';
import { conflictingPivot, conflictText } from '../core/pivot/conflicting-pivot.ts';
import { retryAfterMs } from '../core/pivot/journal.ts';
import { isPivot } from './pivot-record.ts';
import type { Scope } from './scope.ts';

/** isItsTurn waits after an attempt that gave up, and for other Pivots: of those of a Cluster only one runs at a time. */
export async function isItsTurn({ deps, record, cluster }: Scope): Promise<Outcome> {
  const { journal, object } = record;
  const { aborted } = journal;
  if (aborted !== undefined && aborted.reason !== 'AbortRequested') {
    const ms =
      aborted.epoch === journal.attempt?.epoch
        ? retryAfterMs(journal, aborted, deps.clock.now())
        : 0;
    const message = `Waiting before the next attempt; the last one ended with: ${aborted.message}`;
    if (ms > 0) return wait('BackingOff', message, ms);
  }
  const { namespace } = cluster;
  const list = await wrapError('list the Pivots', deps.management.list({ ...PIVOT, namespace }));
  if (!isPivot(object)) return done;
  const other = conflictingPivot(object, list.items.filter(isPivot));
  return other === undefined ? done : stalled('AnotherPivot', conflictText(other));
}
