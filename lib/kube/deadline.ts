/** Deadline is a signal that fires after a timeout, or together with another signal. */
export interface Deadline {
  readonly signal: AbortSignal;
  /** Removes the timer and the links to the other signals; the signal no longer fires. */
  readonly cancel: () => void;
}

/**
 * A deadline in milliseconds. It does not use `AbortSignal.any` with `AbortSignal.timeout`: in Node 20 such
 * a pair can be garbage collected before it fires, or is never collected while the other signal lives.
 */
export function deadlineOf(ms: number, ...others: readonly (AbortSignal | undefined)[]): Deadline {
  const controller = new AbortController();
  const links = others.flatMap((other) => (other === undefined ? [] : [linkOf(controller, other)]));
  const timer = setTimeout(() => {
    controller.abort(new Error(`no answer within ${ms / 1000} s`));
  }, ms);
  timer.unref();
  function cancel(): void {
    clearTimeout(timer);
    for (const unlink of links) unlink();
  }
  return { signal: controller.signal, cancel };
}

/** Aborts the controller together with the other signal, until the returned function is called. */
function linkOf(controller: AbortController, other: AbortSignal): () => void {
  function follow(): void {
    controller.abort(other.reason);
  }
  other.addEventListener('abort', follow, { once: true });
  if (other.aborted) follow();
  return () => other.removeEventListener('abort', follow);
}
