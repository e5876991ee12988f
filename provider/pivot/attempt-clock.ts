/**
 * AttemptClock measures for how long this process has observed the attempt of each Pivot, on a clock that
 * cannot jump. The measurement restarts with the process.
 */
export class AttemptClock {
  readonly #watched = new Map<string, { readonly attempt: string; readonly since: number }>();

  /** Milliseconds since this process first asked about an attempt of a Pivot. */
  sinceMs(pivot: string, attempt: string): number {
    const now = performance.now();
    if (!this.knows(pivot, attempt)) this.#watched.set(pivot, { attempt, since: now });
    return now - (this.#watched.get(pivot)?.since ?? now);
  }

  /** Whether this process has observed the attempt before. */
  knows(pivot: string, attempt: string): boolean {
    return this.#watched.get(pivot)?.attempt === attempt;
  }

  /** Removes a Pivot that is finished or deleted. */
  forget(pivot: string): void {
    this.#watched.delete(pivot);
  }
}
