/** BackOff is how the wait grows from one failure to the next. */
export interface BackOff {
  /** Milliseconds after the first failure. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** How much longer each wait is than the last; 2 when absent. */
  readonly factor?: number;
  /** Which part of a wait is left to chance, so that not all try again at once; none when absent. */
  readonly jitter?: number;
}

/**
 * backOff is how many milliseconds to wait after so many failures in a row. `random` is between 0 and 1:
 * with a jitter of one half, the wait is between half of its length and all of it.
 */
export function backOff(
  { firstMs, longestMs, factor = 2, jitter = 0 }: BackOff,
  failures: number,
  random = 1,
): number {
  const step = Math.min(longestMs, firstMs * factor ** Math.max(0, failures - 1));
  return step * (1 - jitter + random * jitter);
}
