/** Deadline is a signal that fires by itself after a while, or together with another one. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Takes the timer and the link to the other signal away; the signal doesn't fire any longer. */
  readonly cancel: () => void;
}

/**
 * A deadline in milliseconds. Not `AbortSignal.any` with `AbortSignal.timeout`: in Node 20 such a
 * pair can be garbage collected before it fires, or never while the other signal lives.
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
