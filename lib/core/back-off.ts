/** BackOff configures how the delay grows with consecutive failures. */
export interface BackOff {
  /** Delay after the first failure, in milliseconds. */
  readonly firstMs: number;
  readonly longestMs: number;
  /** Factor between two delays; 2 if absent. */
  readonly factor?: number;
  /** Fraction of a delay that is random, so that not all clients retry at the same time; none if absent. */
  readonly jitter?: number;
}

/**
 * backOff returns the delay in milliseconds after a number of consecutive failures. `random` is between 0
 * and 1: with a jitter of 0.5, the delay is between half of its length and all of it.
 */
export function backOff(
  { firstMs, longestMs, factor = 2, jitter = 0 }: BackOff,
  failures: number,
  random = 1,
): number {
  const step = Math.min(longestMs, firstMs * factor ** Math.max(0, failures - 1));
  return step * (1 - jitter + random * jitter);
}
