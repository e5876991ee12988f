import { setTimeout as sleep } from 'node:timers/promises';

/** Wait is a condition to wait for, with its timeout and error message. */
export interface Wait<T> {
  /** Part of the error: `timed out after 30 s waiting for <what>`. */
  readonly what: string;
  readonly timeoutMs: number;
  /** Poll interval; 50 ms by default. */
  readonly intervalMs?: number;
  /** Returns the value that ends the wait; undefined or an error means not yet. */
  readonly look: () => Promise<T | undefined> | T | undefined;
  /** Ends the wait early when it cannot succeed any more, for example when a process has exited. */
  readonly hopeless?: () => Error | undefined;
  /** Part of the error: where to find more information. */
  readonly hint?: string;
}

/** Polls until there is a value. Fails with the last error of `look` as the cause. */
export async function waitFor<T>(wait: Wait<T>): Promise<T> {
  const end = performance.now() + wait.timeoutMs;
  let last: unknown;
  for (;;) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- polls
      const value = await withDeadline(wait, end);
      if (value !== undefined) return value;
      last = undefined;
    } catch (error) {
      last = error;
    }
    const hopeless = wait.hopeless?.();
    if (hopeless !== undefined) throw hopeless;
    if (performance.now() >= end) throw gaveUp(wait, last);
    // oxlint-disable-next-line no-await-in-loop -- poll interval
    await sleep(wait.intervalMs ?? 50);
  }
}

/** A hanging poll must not outlive the wait. */
async function withDeadline<T>(wait: Wait<T>, end: number): Promise<T | undefined> {
  const abort = new AbortController();
  const rest = Math.max(1, end - performance.now());
  try {
    return await Promise.race([
      wait.look(),
      sleep(rest, undefined, { signal: abort.signal }).then(() => {
        throw new Error('the last poll did not finish');
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
    `timed out after ${wait.timeoutMs / 1000} s waiting for ${wait.what}${reason}${hint}`,
    { cause },
  );
}
