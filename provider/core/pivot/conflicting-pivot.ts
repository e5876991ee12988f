import type { Pivot } from '../../../lib/apis/pivot.generated.ts';
import { isPaused, PAUSED_ANNOTATION } from '../../../lib/apis/pause.ts';
import { isTrue } from '../../../lib/core/conditions.ts';
import { compareText } from '../../../lib/core/order.ts';
import { GIVE_UP_ANNOTATION, isAbandoned } from './abandoned.ts';
import { journalOf, openAttempt, unfinishedAbort } from './journal.ts';

/** Progress is how far a Pivot is, as far as another one of the same Cluster cares. */
type Progress = 'NotBegun' | 'UnderWay' | 'Over';

/**
 * conflictingPivot is the Pivot that another one has to wait for: one of the same Cluster that is under way; or one
 * that has not begun either, would go the same way, and is older. Of two that go opposite ways only that
 * one can begin which finds the cluster where it comes from. One behind its commit is waited for even by a way
 * back from the escrow: it would activate its target, as soon as that answers again, beside a cluster that
 * was brought back meanwhile. Only one that has given up never does.
 */
export function conflictingPivot(pivot: Pivot, all: readonly Pivot[]): Pivot | undefined {
  const others = all.filter(
    ({ spec, metadata }) =>
      spec.clusterName === pivot.spec.clusterName && metadata.uid !== pivot.metadata.uid,
  );
  return (
    others.find((other) => progressOf(other) === 'UnderWay') ??
    others.find((other) => progressOf(other) === 'NotBegun' && goesFirst(other, pivot))
  );
}

/** conflictText says what becomes of a Pivot that waits for another one, and what can be done. */
export function conflictText(other: Pivot): string {
  const { name = '' } = other.metadata;
  const way = other.spec.direction === 'ToWorkload' ? 'hands over' : 'takes back';
  const state = progressOf(other) === 'UnderWay' ? 'is under way' : 'is older and goes first';
  const paused = isPaused(other)
    ? `; it is paused: remove its annotation ${PAUSED_ANNOTATION}`
    : '';
  const next = isTrue(other, 'Committed')
    ? `it is behind its commit and only goes forward: this one begins when it is Ready; if the side that it goes to is dead for good, put the annotation ${GIVE_UP_ANNOTATION}: "true" on it, and it gives up`
    : 'let it end, or call it off with spec.abort: true';
  return `Pivot ${name} ${way} the same cluster and ${state}: ${next}${paused}`;
}

function progressOf(pivot: Pivot): Progress {
  if (isTrue(pivot, 'Committed')) {
    return isTrue(pivot, 'Ready') || isAbandoned(pivot) ? 'Over' : 'UnderWay';
  }
  const journal = journalOf(pivot.status);
  if (openAttempt(journal) !== undefined || unfinishedAbort(journal) !== undefined) {
    return 'UnderWay';
  }
  const off = pivot.spec.abort || pivot.metadata.deletionTimestamp !== undefined;
  return off ? 'Over' : 'NotBegun';
}

function goesFirst(other: Pivot, pivot: Pivot): boolean {
  return (
    other.spec.direction === pivot.spec.direction && compareText(ageOf(other), ageOf(pivot)) < 0
  );
}

/** Sorts by creation, and by uid what came in the same second. */
function ageOf({ metadata }: Pivot): string {
  return `${metadata.creationTimestamp ?? ''} ${metadata.uid ?? ''}`;
}
