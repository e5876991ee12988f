/** Deadline is a signal that fires after a timeout, or together with another signal. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Removes the timer and the link to the other signal; the signal no longer fires. */
  readonly cancel: () => void;
}

/**
 * A deadline in milliseconds. It does not use `AbortSignal.any` with `AbortSignal.timeout`: in Node 20 such
 * a pair can be garbage collected before it fires, or is never collected while the other signal lives.
 */
export function deadlineOf(ms: number, other?: AbortSignal): Deadline {
  const controller = new AbortController();
  function follow(): void {
    controller.abort(other?.reason);
  }
  const timer = setTimeout(() => {
    controller.abort(new Error(`no answer within ${ms / 1000} s`));
  }, ms);
  timer.unref();
  other?.addEventListener('abort', follow, { once: true });
  if (other?.aborted === true) follow();
  function cancel(): void {
    clearTimeout(timer);
    other?.removeEventListener('abort', follow);
  }
  return { signal: controller.signal, cancel };
}
