import { instant, type Side, type Span } from './audit-event.ts';
import type { Finding } from './finding.ts';
import type { ClusterHistory } from './history.ts';
import type { Life } from './life.ts';
import type { State } from './sighting.ts';

/** Run is a time in which a side reconciled a cluster, or may have. */
export interface Run {
  readonly side: Side;
  /** When it was un-paused. */
  readonly began: Span;
  /** When it was paused or gone; absent while it runs. */
  readonly ended?: Span;
  /** As it was un-paused. */
  readonly state: State;
}

/** runsOf are the times in which a Cluster was not paused, on both sides, by their beginning. */
export function runsOf({ clusters }: ClusterHistory): readonly Run[] {
  return clusters.flatMap(runsIn).toSorted((a, b) => a.began.from - b.began.from);
}

function runsIn({ side, states, gone }: Life): readonly Run[] {
  return states.flatMap(({ state, began }, at) => {
    const goesOn = at > 0 && states[at - 1]?.state.paused === false;
    if (state.paused || goesOn) return [];
    const pause = states.slice(at + 1).find((later) => later.state.paused)?.began ?? gone;
    return [{ side, began, state, ...(pause !== undefined && { ended: pause }) }];
  });
}

/**
 * I1, on the safe side: a run begins when the request to un-pause arrives and ends when the request
 * to pause is answered, so that two runs that may have met are found.
 */
export function twoOwners(history: ClusterHistory): readonly Finding[] {
  const runs = runsOf(history);
  const where = `${history.namespace}/${history.name}`;
  return runs.flatMap((run, at) =>
    runs.slice(at + 1).flatMap((later): readonly Finding[] => {
      const until = run.ended?.to ?? Infinity;
      if (later.side === run.side || later.began.from >= until) return [];
      const message =
        `runs on the ${later.side} side from ${instant(later.began.from)} on, while it ran on the ` +
        `${run.side} side until ${instant(until)}`;
      return [{ invariant: 'I1', where, message, at: later.began.from }];
    }),
  );
}

/** I1 as the annotations have it: a side that runs the cluster is its owner; absent is management. */
export function foreignOwners(history: ClusterHistory): readonly Finding[] {
  const where = `${history.namespace}/${history.name}`;
  return history.clusters.flatMap(({ side, states }) =>
    states.flatMap(({ state, began }): readonly Finding[] => {
      const owner = state.owner ?? 'management';
      if (state.paused || owner === side) return [];
      const message = `runs on the ${side} side although its owner is ${owner}`;
      return [{ invariant: 'I1', where, message, at: began.to }];
    }),
  );
}
