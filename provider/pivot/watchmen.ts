/**
 * Watchmen remember since when this process has watched each attempt, by a clock that can't jump. What a
 * process before this one has seen is lost with it.
 */
export class Watchmen {
  readonly #since = new Map<string, number>();

  /** Milliseconds since an attempt was first asked about. */
  sinceMs(attempt: string): number {
    const now = performance.now();
    const since = this.#since.get(attempt) ?? now;
    this.#since.set(attempt, since);
    return now - since;
  }

  /** Whether this process has seen the attempt before. */
  knows(attempt: string): boolean {
    return this.#since.has(attempt);
  }

  /** Forgets the attempts of a Pivot that is done, or gone. */
  forget(pivotUid: string): void {
    for (const attempt of this.#since.keys()) {
      if (attempt.startsWith(`${pivotUid}/`)) this.#since.delete(attempt);
    }
  }
}
