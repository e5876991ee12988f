import type { Side } from './audit-event.ts';
import type { ClusterHistory } from './history.ts';
import { runsOf } from './one-owner.ts';

/** Handover is a cluster's way from one side to the other, as the audit logs tell it. */
export interface Handover {
  readonly cluster: string;
  readonly to: Side;
  /** When the source was paused and when the target was un-paused: microseconds since 1970. */
  readonly pausedAt: number;
  readonly unpausedAt: number;
  /** The time between: nobody reconciles the cluster. */
  readonly milliseconds: number;
}

/** handoversOf are all handovers of a cluster in their order, those that were undone left out. */
export function handoversOf(history: ClusterHistory): readonly Handover[] {
  const runs = runsOf(history);
  return runs.flatMap((run, at): readonly Handover[] => {
    const before = runs[at - 1];
    if (before?.ended === undefined || before.side === run.side) return [];
    const [pausedAt, unpausedAt] = [before.ended.to, run.began.to];
    const milliseconds = (unpausedAt - pausedAt) / 1000;
    const cluster = `${history.namespace}/${history.name}`;
    return [{ cluster, to: run.side, pausedAt, unpausedAt, milliseconds }];
  });
}
