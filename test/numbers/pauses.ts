import { waitFor } from '@managed-cluster/toolchain';
import type { KubeApi, WatchEvent } from '../../lib/kube/api.ts';
import { recordIn } from '../../lib/core/object.ts';
import { otherSide, SIDES, type Side } from '../oracle/audit-event.ts';
import { CLUSTER } from '../../capi/kinds.ts';

/** Turn is a moment in which a Cluster was seen to stop or to go on, on one side. */
export interface Turn {
  readonly side: Side;
  /** Milliseconds by the clock of who watches. */
  readonly at: number;
  readonly paused: boolean;
}

/** Watched is a Cluster that is watched on both sides at once. */
export interface Watched {
  /** Milliseconds in which nobody had it, the last time that it went to a side; undefined when that was not seen. */
  pauseTo(side: Side): Promise<number | undefined>;
}

/** News of a watch may come after the answer to who has written. */
const NEWS_MS = 3000;

/** pauseIn is the time between the last stop on one side and the going on that followed on the other. */
export function pauseIn(turns: readonly Turn[], to: Side): number | undefined {
  const stop = turns.findLast(({ side, paused }) => side === otherSide(to) && paused);
  if (stop === undefined) return undefined;
  const go = turns.find(({ side, paused, at }) => side === to && !paused && at >= stop.at);
  return go === undefined ? undefined : go.at - stop.at;
}

/** watchPauses watches until the signal. What happened before is not seen. */
export function watchPauses(
  sides: Readonly<Record<Side, KubeApi>>,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  signal: AbortSignal,
): Watched {
  const turns: Turn[] = [];
  function look(side: Side): (event: WatchEvent) => void {
    let last: boolean | undefined;
    return ({ type, object }) => {
      if (type === 'SYNCED' || object.metadata.name !== name) return;
      const isThere = type !== 'DELETED';
      const paused = isThere ? recordIn(object, 'spec')?.['paused'] === true : undefined;
      if (paused !== undefined && paused !== last) {
        turns.push({ side, at: performance.now(), paused });
      }
      last = paused;
    };
  }
  for (const side of SIDES) {
    void sides[side].watch({ ...CLUSTER, namespace }, look(side), { signal });
  }
  return {
    pauseTo: (side) =>
      waitFor({
        what: `the Cluster to be seen on the ${side} side`,
        timeoutMs: NEWS_MS,
        look: () => pauseIn(turns, side),
      }).catch(() => undefined),
  };
}
