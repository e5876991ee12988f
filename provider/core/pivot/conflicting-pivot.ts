import type { Pivot } from '../../../lib/apis/pivot.generated.ts';
import { isPaused, PAUSED_ANNOTATION } from '../../../lib/apis/pause.ts';
import { isTrue } from '../../../lib/core/conditions.ts';
import { compareText } from '../../../lib/core/order.ts';
import { GIVE_UP_ANNOTATION, isAbandoned } from './abandoned.ts';
import { journalOf, openAttempt, unfinishedAbort } from './journal.ts';

/** Progress is how far a Pivot is, from the point of view of another Pivot of the same Cluster. */
type Progress = 'NotBegun' | 'UnderWay' | 'Over';

/**
 * conflictingPivot returns the Pivot that another one must wait for: a Pivot of the same Cluster that is in
 * progress, or an older one with the same direction that has not started either. Of two Pivots with
 * opposite directions, only the one whose source has the cluster can start. A Pivot past its commit blocks
 * even a take-back from the escrow: it would activate its target as soon as that answers again, next to a
 * cluster that was taken back in the meantime. Only a Pivot that has given up never does.
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

/** conflictText tells a user why a Pivot waits for another one, and what to do. */
export function conflictText(other: Pivot): string {
  const { name = '' } = other.metadata;
  const way = other.spec.direction === 'ToWorkload' ? 'hands over' : 'takes back';
  const state = progressOf(other) === 'UnderWay' ? 'is in progress' : 'is older, so it runs first';
  const paused = isPaused(other)
    ? `; it is paused: remove its annotation ${PAUSED_ANNOTATION}`
    : '';
  const next = isTrue(other, 'Committed')
    ? `it is past its commit and cannot be aborted, so this Pivot starts when that one is Ready; if the side that it moves the cluster to is permanently dead, make it give up with the annotation ${GIVE_UP_ANNOTATION}: "true"`
    : 'wait until it finishes, or abort it with spec.abort: true';
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

/** Sorts by creation time, then by uid for Pivots created in the same second. */
function ageOf({ metadata }: Pivot): string {
  return `${metadata.creationTimestamp ?? ''} ${metadata.uid ?? ''}`;
}
