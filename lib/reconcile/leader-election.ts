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

/** LeadershipLostError: another replica may lead by now, so this process must write nothing more. */
export class LeadershipLostError extends Error {
  override readonly name = 'LeadershipLostError';
}

/** LeaderElection makes sure that of several replicas only one works. */
export interface LeaderElection {
  /** Whether this replica leads; false as soon as the lease could not be renewed in time. */
  leads(): boolean;
  /**
   * Waits to lead, works until the signal, gives the lease back when the work has ended. Resolves
   * also when the signal comes before it leads. Fails at once, without waiting for the work, with
   * LeadershipLostError: the process has to end.
   */
  lead(work: (signal: AbortSignal) => Promise<void>, signal: AbortSignal): Promise<void>;
}

/** Timing in milliseconds; the defaults are those of client-go. */
export interface ElectionTiming {
  /** So long others wait without a renewal; whole seconds. */
  readonly leaseMs: number;
  /** So long after the last renewal the leader gives up by itself; shorter than `leaseMs`. */
  readonly renewMs: number;
  readonly retryMs: number;
}

/** LeaderElectionOptions say which Lease is fought for. */
export interface LeaderElectionOptions {
  readonly namespace: string;
  readonly name: string;
  /** Unique to the process. */
  readonly identity: string;
  readonly log: Logger;
  readonly timing?: ElectionTiming;
}

const CLIENT_GO: ElectionTiming = { leaseMs: 15_000, renewMs: 10_000, retryMs: 2000 };

/** Leader election by a Lease, with the semantics of client-go's tools/leaderelection. */
export function createLeaderElection(api: KubeApi, options: LeaderElectionOptions): LeaderElection {
  const { namespace, name, identity, log, timing = CLIENT_GO } = options;
  const candidate = { namespace, name, identity, leaseSeconds: timing.leaseMs / 1000 };
  const lease = new HeldLease(api, candidate, log);
  let ended = false;

  function leads(): boolean {
    // The monotonic clock stands still while a machine is suspended, and the wall clock can be set: either may say no.
    const fresh = performance.now() - lease.renewedAt < timing.renewMs;
    return !ended && fresh && Date.now() - lease.renewedOnWall < timing.renewMs;
  }

  async function acquire(signal: AbortSignal): Promise<boolean> {
    while (!signal.aborted) {
      // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
      if (await lease.take()) return true;
      // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
      await pause(timing.retryMs * (1 + Math.random() * 0.2), signal);
    }
    return false;
  }

  /** Renews until the signal; fails when no renewal came through for too long. */
  async function keep(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const left = lease.renewedAt + timing.renewMs - performance.now();
      if (left <= 0 || lease.lostTo !== '') throw lost(lease.lostTo);
      // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
      await pause(Math.min(timing.retryMs, left), signal);
      if (signal.aborted) return;
      // An attempt that hangs neither outlives the deadline nor keeps the next one from being made.
      const patience = Math.min(left - timing.retryMs, timing.renewMs / 2);
      // oxlint-disable-next-line no-await-in-loop -- one attempt after the other
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

/** HeldLease takes and renews one Lease, and remembers what it has seen of it. */
class HeldLease {
  /** When the last renewal that came through was begun; on the clock of `performance.now()`. */
  renewedAt = Number.NEGATIVE_INFINITY;
  /** The same on the wall clock. */
  renewedOnWall = Number.NEGATIVE_INFINITY;
  /** Who was seen to hold it after it had been ours. */
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

  /** One attempt to take or renew it. Never fails. */
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

  /** Gives it back. Never fails: it runs out by itself. */
  async free(): Promise<void> {
    if (this.#held === undefined) return;
    try {
      await this.#api.replace(freedLease(this.#held, new Date())).catch((error: unknown) => {
        if (!isConflict(error)) throw error;
        return this.#freeAsItIs();
      });
    } catch (error) {
      this.#log.info({ error: messageOf(error) }, 'cannot give the lease back');
    }
  }

  /** A renewal that nobody waited for any longer may have come through. */
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

/** Loses every race. */
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
