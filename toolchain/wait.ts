import { setTimeout as sleep } from 'node:timers/promises';

/** Wait says what is awaited, for how long, and what to tell when it does not come. */
export interface Wait<T> {
  /** Goes into the error: `gave up after 30 s waiting for <what>`. */
  readonly what: string;
  readonly timeoutMs: number;
  /** Pause between two looks; 50 ms unless told. */
  readonly intervalMs?: number;
  /** The value that ends the wait; undefined or an error means not yet. */
  readonly look: () => Promise<T | undefined> | T | undefined;
  /** Ends the wait early when it has become pointless, such as a process that has died. */
  readonly hopeless?: () => Error | undefined;
  /** Goes into the error's text: where to read on. */
  readonly hint?: string;
}

/** Looks until there is a value. Fails with the last error of `look` as the cause. */
export async function waitFor<T>(wait: Wait<T>): Promise<T> {
  const end = performance.now() + wait.timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- one look after the other
      const value = await withDeadline(wait, end);
      if (value !== undefined) return value;
      last = undefined;
    } catch (error) {
      last = error;
    }
    const hopeless = wait.hopeless?.();
    if (hopeless !== undefined) throw hopeless;
    if (performance.now() >= end) throw gaveUp(wait, last);
    // oxlint-disable-next-line no-await-in-loop -- the pause between two looks
    await sleep(wait.intervalMs ?? 50);
  }
}

/** A look that hangs must not outlive the wait. */
async function withDeadline<T>(wait: Wait<T>, end: number): Promise<T | undefined> {
  const abort = new AbortController();
  const rest = Math.max(1, end - performance.now());
  try {
    return await Promise.race([
      wait.look(),
      sleep(rest, undefined, { signal: abort.signal }).then(() => {
        throw new Error('the last look did not end');
      }),
    ]);
  } finally {
    abort.abort();
  }
}

function gaveUp(wait: Wait<unknown>, cause: unknown): Error {
  const reason = cause instanceof Error ? ` (${cause.message})` : '';
  const hint = wait.hint === undefined ? '' : `; ${wait.hint}`;
  return new Error(
    `gave up after ${wait.timeoutMs / 1000} s waiting for ${wait.what}${reason}${hint}`,
    { cause },
  );
}
