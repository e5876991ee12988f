import { AsyncLocalStorage } from 'node:async_hooks';
import { BoundError } from './bounds.ts';

/** PatienceLimits say how long one piece of work may wait for slow answers; all are milliseconds. */
export interface PatienceLimits {
  /** A request that takes longer is slow. */
  readonly slowMs: number;
  /** Time with slow requests under way after which the work counts as slow. */
  readonly patientMs: number;
  /** Time with slow requests under way after which they and all further requests fail. */
  readonly longestMs: number;
}

const current = new AsyncLocalStorage<Patience>();

/** The Patience of the work that the caller belongs to, if any. */
export function currentPatience(): Patience | undefined {
  return current.getStore();
}

/**
 * Patience measures the time that one piece of work, such as a reconcile, waits for the API servers of workload
 * clusters, and ends it. Requests that wait at the same time count once. Clients of untrusted API servers find
 * it by the asynchronous context, because it is no business of the code between.
 */
export class Patience {
  readonly #limits: PatienceLimits;
  readonly #onSlow: () => void;
  readonly #end = new AbortController();
  #slow = 0;
  #since = 0;
  #spent = 0;
  #excessive = false;
  #over = false;
  #timers: NodeJS.Timeout[] = [];

  /** `onSlow` is called at most once, when the work counts as slow. */
  constructor(limits: PatienceLimits, onSlow: () => void) {
    this.#limits = limits;
    this.#onSlow = onSlow;
  }

  /** Aborted when the work has used its time. */
  get signal(): AbortSignal {
    return this.#end.signal;
  }

  /** Milliseconds with slow requests under way. */
  get spentMs(): number {
    return this.#spent + (this.#slow > 0 ? performance.now() - this.#since : 0);
  }

  /** Whether the work was slow, or an answer exceeded a bound. */
  get isTried(): boolean {
    return this.#excessive || this.spentMs >= this.#limits.patientMs;
  }

  /** Runs work whose requests are measured; afterwards nothing is. */
  async run<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await current.run(this, work);
    } finally {
      // Requests that nobody waits for any more may still be under way.
      this.#spent = this.spentMs;
      this.#slow = 0;
      this.#over = true;
      this.#stop();
    }
  }

  /** Runs one request to an untrusted API server. */
  async request<Result>(send: () => Promise<Result>): Promise<Result> {
    let slow = false;
    const timer = setTimeout(() => {
      slow = true;
      this.#begin();
    }, this.#limits.slowMs);
    timer.unref();
    try {
      return await send();
    } catch (error) {
      if (error instanceof BoundError) this.#excessive = true;
      throw error;
    } finally {
      clearTimeout(timer);
      if (slow) this.#finish();
    }
  }

  /** Ends the work now: its requests fail. */
  exhaust(why: string): void {
    this.#end.abort(
      new BoundError(`the API server answers too slowly: ${why}; it is asked again later`),
    );
  }

  #begin(): void {
    if (this.#over) return;
    this.#slow += 1;
    if (this.#slow > 1 || this.#end.signal.aborted) return;
    this.#since = performance.now();
    const { patientMs, longestMs } = this.#limits;
    const left = longestMs - this.#spent;
    this.#timers = [
      setTimeout(() => {
        this.exhaust(`it took more than ${longestMs / 1000} s of one reconcile`);
      }, left),
    ];
    const until = patientMs - this.#spent;
    if (until >= 0) this.#timers.push(setTimeout(this.#onSlow, until));
  }

  #finish(): void {
    if (this.#over) return;
    this.#slow -= 1;
    if (this.#slow > 0) return;
    this.#spent += performance.now() - this.#since;
    this.#stop();
  }

  #stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers = [];
  }
}
