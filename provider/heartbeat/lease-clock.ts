interface Sighting {
  /** The renewTime that was observed last; empty if there was no Lease. */
  readonly renewTime: string;
  /** When it was first observed, on the clock of `performance.now()`. */
  readonly since: number;
}

/**
 * LeaseClock records when the Lease of each agent, by its name, was last observed to change, on our own monotonic clock: the
 * time in the Lease comes from the clock of the agent, and both clocks can jump.
 */
export class LeaseClock {
  readonly #leases = new Map<string, Sighting>();

  /** Records an observed renewTime; returns whether the Lease was unknown before. */
  saw(identity: string, renewTime: string, now: number): boolean {
    const last = this.#leases.get(identity);
    if (last?.renewTime !== renewTime) this.#leases.set(identity, { renewTime, since: now });
    return last === undefined;
  }

  /** Milliseconds since the last observed change of the Lease. */
  silence(identity: string, now: number): number {
    return now - (this.#leases.get(identity)?.since ?? now);
  }

  /** Removes a Lease: its silence is measured from zero when it is observed again. */
  forget(identity: string): void {
    this.#leases.delete(identity);
  }
}
