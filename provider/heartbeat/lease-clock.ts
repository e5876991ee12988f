import { type Key, keyText } from '../../lib/reconcile/work-queue.ts';

interface Sighting {
  /** The renewTime that was observed last; empty if there was no Lease. */
  readonly renewTime: string;
  /** When it was first observed, on the clock of `performance.now()`. */
  readonly since: number;
}

/**
 * LeaseClock records when the Lease of each agent was last observed to change, on our own monotonic clock: the
 * time in the Lease comes from the clock of the agent, and both clocks can jump.
 */
export class LeaseClock {
  readonly #leases = new Map<string, Sighting>();

  /** Records an observed renewTime; returns whether the cluster was unknown before. */
  saw(key: Key, renewTime: string, now: number): boolean {
    const last = this.#leases.get(keyText(key));
    if (last?.renewTime !== renewTime) this.#leases.set(keyText(key), { renewTime, since: now });
    return last === undefined;
  }

  /** Milliseconds since the last observed change of the Lease. */
  silence(key: Key, now: number): number {
    return now - (this.#leases.get(keyText(key))?.since ?? now);
  }

  /** Removes a cluster: its silence is measured from zero when it is observed again. */
  forget(key: Key): void {
    this.#leases.delete(keyText(key));
  }
}
