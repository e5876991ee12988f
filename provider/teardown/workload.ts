import { setTimeout as delay } from 'node:timers/promises';
import { UnreachableError } from '../../lib/kube/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { keyText } from '../../lib/reconcile/work-queue.ts';
import type { ClusterRef } from '../core/escrow/escrow-set.ts';

/** Milliseconds: a teardown never hangs longer on a cluster that may be dead. */
const LONGEST_MS = 5000;

/** inTime gives up on a cluster that does not answer in five seconds. */
export async function inTime<Answer>(work: Promise<Answer>): Promise<Answer> {
  const end = new AbortController();
  const late = delay(LONGEST_MS, undefined, { signal: end.signal }).then(() => {
    throw new UnreachableError(`no answer from the cluster within ${LONGEST_MS / 1000} s`);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    end.abort();
    // The loser of the race must not end the process as an unhandled rejection.
    late.catch(() => undefined);
    work.catch(() => undefined);
  }
}

/** answers tells whether an API server answers at all, whatever it says. */
export async function answers(workload: Promise<KubeApi>): Promise<true> {
  const api = await workload;
  await inTime(api.raw('GET', '/api'));
  return true;
}

/**
 * ReachClock knows when this process last tried to reach a cluster, by the monotonic clock. It is not
 * remembered across restarts: the time in which no provider ran says nothing of a cluster.
 */
export class ReachClock {
  readonly #last = new Map<string, number>();

  /** Notes a try, and gives the milliseconds since the one before; undefined for the first. */
  tick(cluster: ClusterRef): number | undefined {
    const key = keyText(cluster);
    const now = performance.now();
    const last = this.#last.get(key);
    this.#last.set(key, now);
    return last === undefined ? undefined : now - last;
  }

  /** The cluster is gone. */
  forget(cluster: ClusterRef): void {
    this.#last.delete(keyText(cluster));
  }
}
