/**
 * AttemptClock knows since when this process has watched the attempt of each Pivot, by a clock that can't
 * jump. What a process before this one has seen is lost with it.
 */
export class AttemptClock {
  readonly #watched = new Map<string, { readonly attempt: string; readonly since: number }>();

  /** Milliseconds since an attempt of a Pivot was first asked about. */
  sinceMs(pivot: string, attempt: string): number {
    const now = performance.now();
    if (!this.knows(pivot, attempt)) this.#watched.set(pivot, { attempt, since: now });
    return now - (this.#watched.get(pivot)?.since ?? now);
  }

  /** Whether this process has seen the attempt before. */
  knows(pivot: string, attempt: string): boolean {
    return this.#watched.get(pivot)?.attempt === attempt;
  }

  /** Forgets a Pivot that is done, or gone. */
  forget(pivot: string): void {
    this.#watched.delete(pivot);
  }
}
