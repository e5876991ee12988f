import { type Key, keyText } from '../../lib/reconcile/work-queue.ts';

interface Sighting {
  /** The renewTime that was last seen; empty when there was no Lease. */
  readonly renewTime: string;
  /** When it was first seen, on the clock of `performance.now()`. */
  readonly since: number;
}

/**
 * LeaseClock remembers when each agent's Lease was last seen to change, on our own monotonic clock: the
 * time in the Lease is of the agent's clock, and either clock can jump.
 */
export class LeaseClock {
  readonly #leases = new Map<string, Sighting>();

  /** Takes a renewTime that was seen; whether the cluster was not known before. */
  saw(key: Key, renewTime: string, now: number): boolean {
    const last = this.#leases.get(keyText(key));
    if (last?.renewTime !== renewTime) this.#leases.set(keyText(key), { renewTime, since: now });
    return last === undefined;
  }

  /** Milliseconds since the Lease was last seen to change. */
  silence(key: Key, now: number): number {
    return now - (this.#leases.get(keyText(key))?.since ?? now);
  }

  /** Forgets a cluster: when it is seen again, its silence begins anew. */
  forget(key: Key): void {
    this.#leases.delete(keyText(key));
  }
}
