import { conditionOf, isTrue } from '../../../lib/core/conditions.ts';
import type { KubeObject } from '../../../lib/core/object.ts';

/**
 * GIVE_UP_ANNOTATION on a Pivot: Teardown asks it to do nothing more, although it is behind its commit,
 * because its target is dead or somebody has taken the cluster back already.
 */
export const GIVE_UP_ANNOTATION = 'managedcluster.io/give-up';

/** ABANDONED is the phase, and the reason of the condition Ready, of a Pivot that has given up. */
export const ABANDONED = 'Abandoned';

/** isGivenUp tells whether a Pivot is asked to give up. One before its commit is aborted instead. */
export function isGivenUp(pivot: KubeObject): boolean {
  return pivot.metadata.annotations?.[GIVE_UP_ANNOTATION] === 'true' && isTrue(pivot, 'Committed');
}

/** isAbandoned tells whether a Pivot has given up: nothing is done for it any more, on either side. */
export function isAbandoned(pivot: KubeObject | undefined): boolean {
  return conditionOf(pivot, 'Ready')?.reason === ABANDONED;
}
