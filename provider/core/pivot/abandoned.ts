import { conditionOf, isTrue } from '../../../lib/core/conditions.ts';
import type { KubeObject } from '../../../lib/core/object.ts';

/**
 * GIVE_UP_ANNOTATION on a Pivot: Teardown asks it to stop although it is past its commit, because its
 * target is dead or the cluster was already taken back.
 */
export const GIVE_UP_ANNOTATION = 'managedcluster.io/give-up';

/** ABANDONED is the phase, and the reason of condition Ready, of a Pivot that has given up. */
export const ABANDONED = 'Abandoned';

/** isGivenUp reports whether a Pivot was asked to give up. A Pivot before its commit is aborted instead. */
export function isGivenUp(pivot: KubeObject): boolean {
  return pivot.metadata.annotations?.[GIVE_UP_ANNOTATION] === 'true' && isTrue(pivot, 'Committed');
}

/** isAbandoned reports whether a Pivot has given up: it no longer changes either side. */
export function isAbandoned(pivot: KubeObject | undefined): boolean {
  return conditionOf(pivot, 'Ready')?.reason === ABANDONED;
}
