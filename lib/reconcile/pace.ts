import { type BackOff, backOff } from '../core/back-off.ts';
import type { PatienceLimits } from '../kube/patience.ts';

/** Pace says how a controller treats a cluster whose API server answers slowly or too much. */
export interface Pace extends PatienceLimits {
  /** Longest rest, in milliseconds. */
  readonly longestRestMs: number;
}

/**
 * PACE is the default. A reconcile that has waited for five seconds gives its worker back to the other clusters
 * (lanes.ts). The longest rest is a minute: a cluster that answers again is noticed as soon as that.
 */
export const PACE: Pace = {
  slowMs: 2000,
  patientMs: 3000,
  longestMs: 30_000,
  longestRestMs: 60_000,
};

/**
 * restAfter returns the milliseconds that a key rests after so many consecutive reconciles that tried the
 * patience; `spentMs` is how long the last one waited. The first rest is as long as the wait, so that an honest
 * cluster on a busy day hardly notices it; it doubles each time.
 */
export function restAfter(pace: Pace, spentMs: number, count: number): number {
  const firstMs = Math.max(spentMs, pace.patientMs);
  const rest: BackOff = { firstMs, longestMs: pace.longestRestMs };
  return backOff(rest, count);
}
