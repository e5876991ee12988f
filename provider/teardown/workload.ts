import { setTimeout as delay } from 'node:timers/promises';
import { UnreachableError } from '../../lib/kube/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { keyText } from '../../lib/reconcile/work-queue.ts';
import type { ClusterRef } from '../core/escrow/escrow-set.ts';

/** Timeout in milliseconds: a teardown must not hang on a cluster that may be dead. */
const LONGEST_MS = 5000;

/** inTime fails if the cluster does not answer within five seconds. */
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

/** answers resolves if an API server answers at all, even with an error. */
export async function answers(workload: Promise<KubeApi>): Promise<true> {
  const api = await workload;
  await inTime(api.raw('GET', '/api'));
  return true;
}

/**
 * ReachClock records when this process last tried to reach a cluster, on the monotonic clock. It is not
 * kept across restarts: time without a running provider says nothing about a cluster.
 */
export class ReachClock {
  readonly #last = new Map<string, number>();

  /** Records a try, and returns the milliseconds since the previous one; undefined for the first. */
  tick(cluster: ClusterRef): number | undefined {
    const key = keyText(cluster);
    const now = performance.now();
    const last = this.#last.get(key);
    this.#last.set(key, now);
    return last === undefined ? undefined : now - last;
  }

  /** Removes a cluster. */
  forget(cluster: ClusterRef): void {
    this.#last.delete(keyText(cluster));
  }
}
