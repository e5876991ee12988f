import { setTimeout as delay } from 'node:timers/promises';
import type { KubeObject } from '../core/object.ts';
import { messageOf } from '../errors.ts';
import type { KubeApi } from '../kube/api.ts';
import { isConflict } from '../kube/errors.ts';
import { refOf } from '../kube/addresses.ts';
import type { Logger } from '../log.ts';
import {
  type Candidate,
  freedLease,
  holderOf,
  mayTake,
  recordOf,
  type Seen,
  takenLease,
} from './lease.ts';

/**
 * LeadershipLostError says that another replica may be the leader, so this process must not write any more.
 */
export class LeadershipLostError extends Error {
  override readonly name = 'LeadershipLostError';
}

/** LeaderElection ensures that only one of several replicas is active. */
export interface LeaderElection {
  /** Whether this replica is the leader; false as soon as the lease could not be renewed in time. */
  leads(): boolean;
  /**
   * Waits for leadership, runs the work until the signal, and releases the lease when the work has ended.
   * Also resolves if the signal comes first. If leadership is lost, it fails immediately with
   * LeadershipLostError without waiting for the work: the process must exit.
   */
  lead(work: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void>;
}

/** ElectionTiming is in milliseconds; the defaults are those of client-go. */
export interface ElectionTiming {
  /** Time without a renewal after which others may take the lease; whole seconds. */
  readonly leaseMs: number;
  /** Time after the last renewal at which the leader gives up on its own; less than `leaseMs`. */
  readonly renewMs: number;
  readonly retryMs: number;
}

/** LeaderElectionOptions configure the Lease and the identity. */
export interface LeaderElectionOptions {
  readonly namespace: string;
  readonly name: string;
  /** Unique per process. */
  readonly identity: string;
  readonly log: Logger;
  readonly timing?: ElectionTiming;
}

const CLIENT_GO: ElectionTiming = { leaseMs: 15_000, renewMs: 10_000, retryMs: 2000 };

/** Leader election with a Lease and the semantics of tools/leaderelection of client-go. */
export function createLeaderElection(api: KubeApi, options: LeaderElectionOptions): LeaderElection {
  const { namespace, name, identity, log, timing = CLIENT_GO } = options;
  const candidate = { namespace, name, identity, leaseSeconds: timing.leaseMs / 1000 };
  const lease = new HeldLease(api, candidate, log);
  let ended = false;

  function leads(): boolean {
    // The monotonic clock stops while a machine is suspended, and the wall clock can be set: each of them
    // may end the leadership.
    const fresh = performance.now() - lease.renewedAt < timing.renewMs;
    return !ended && fresh && Date.now() - lease.renewedOnWall < timing.renewMs;
  }

  async function acquire(signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop -- attempts are sequential
      if (await lease.take()) return true;
      // oxlint-disable-next-line no-await-in-loop -- attempts are sequential
      await pause(timing.retryMs * (1 + Math.random() * 0.2), signal);
    }
    return false;
  }

  /** Renews until the signal; fails if no renewal succeeded for too long. */
  async function keep(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const left = lease.renewedAt + timing.renewMs - performance.now();
      if (left <= 0 || lease.lostTo !== '') throw lost(lease.lostTo);
      // oxlint-disable-next-line no-await-in-loop -- attempts are sequential
      await pause(Math.min(timing.retryMs, left), signal);
      if (signal.aborted) return;
      // An attempt that hangs neither outlives the deadline nor blocks the next one.
      const patience = Math.min(left - timing.retryMs, timing.renewMs / 2);
      // oxlint-disable-next-line no-await-in-loop -- attempts are sequential
      await Promise.race([lease.take(), pause(Math.max(0, patience), signal)]);
    }
  }

  return {
    leads,
    async lead(work, signal): Promise<void> {
      log.info({ lease: `${namespace}/${name}`, identity }, 'waiting to lead');
      if (!(await acquire(signal))) return;
      log.info({ lease: `${namespace}/${name}`, identity }, 'leading');
      const over = new AbortController();
      try {
        await Promise.race([work(signal), keep(over.signal).then(() => never)]);
      } catch (error) {
        ended = true;
        throw error;
      } finally {
        over.abort();
      }
      ended = true;
      await lease.free();
    },
  };
}

/** HeldLease acquires and renews one Lease, and remembers its last observed state. */
class HeldLease {
  /** Start time of the last successful renewal, on the clock of `performance.now()`. */
  renewedAt = Number.NEGATIVE_INFINITY;
  /** The same on the wall clock. */
  renewedOnWall = Number.NEGATIVE_INFINITY;
  /** The holder that was observed after this process had held the lease. */
  lostTo = '';
  readonly #api: KubeApi;
  readonly #me: Candidate;
  readonly #log: Logger;
  #seen: Seen | undefined;
  #held: KubeObject | undefined;

  constructor(api: KubeApi, me: Candidate, log: Logger) {
    this.#api = api;
    this.#me = me;
    this.#log = log;
  }

  /** One attempt to acquire or renew the lease. Never fails. */
  async take(): Promise<boolean> {
    const begun = performance.now();
    const begunOnWall = Date.now();
    try {
      const last = await this.#api.get(refOf(takenLease(undefined, this.#me, new Date())));
      if (last !== undefined && !this.#free(last)) return false;
      const next = takenLease(last, this.#me, new Date());
      this.#held = await (last === undefined ? this.#api.create(next) : this.#api.replace(next));
      this.#seen = { record: recordOf(this.#held), at: performance.now() };
      if (begun > this.renewedAt) [this.renewedAt, this.renewedOnWall] = [begun, begunOnWall];
      return true;
    } catch (error) {
      this.#log.info({ error: messageOf(error) }, 'cannot take or renew the lease');
      return false;
    }
  }

  /** Releases the lease. Never fails: the lease expires anyway. */
  async free(): Promise<void> {
    if (this.#held === undefined) return;
    try {
      await this.#api.replace(freedLease(this.#held, new Date())).catch((error: unknown) => {
        if (!isConflict(error)) throw error;
        return this.#freeAsItIs();
      });
    } catch (error) {
      this.#log.info({ error: messageOf(error) }, 'cannot release the lease');
    }
  }

  /** A renewal that nothing waited for any more may have succeeded. */
  async #freeAsItIs(): Promise<void> {
    const last = await this.#api.get(refOf(takenLease(undefined, this.#me, new Date())));
    if (last === undefined || holderOf(last) !== this.#me.identity) return;
    await this.#api.replace(freedLease(last, new Date()));
  }

  #free(lease: KubeObject): boolean {
    const record = recordOf(lease);
    if (this.#seen?.record !== record) this.#seen = { record, at: performance.now() };
    const holder = holderOf(lease);
    if (this.#held !== undefined && holder !== '' && holder !== this.#me.identity) {
      this.lostTo = holder;
      return false;
    }
    return mayTake(lease, this.#seen, this.#me, performance.now());
  }
}

/** Never settles, so it loses every race. */
const never = new Promise<never>(() => undefined);

function lost(to: string): LeadershipLostError {
  const why = to === '' ? 'the lease could not be renewed in time' : `the lease is held by ${to}`;
  return new LeadershipLostError(
    `leadership lost: ${why}; exiting, so that two replicas never act at the same time`,
  );
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal }).catch(() => undefined);
}
