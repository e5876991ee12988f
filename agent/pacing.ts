import { setTimeout as delay } from 'node:timers/promises';
import { type BackOff, backOff } from '../lib/core/back-off.ts';

/** pause waits for a number of milliseconds, or until the signal. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal }).catch(() => undefined);
}

const BACK_OFF: BackOff = { firstMs: 1000, longestMs: 30_000, jitter: 0.5 };

/** retryAfterMs is the back-off after a number of consecutive failures: 30 s at most. */
export function retryAfterMs(failures: number): number {
  return backOff(BACK_OFF, failures, Math.random());
}

/**
 * repeatedly does some work at an interval in milliseconds until the signal, sooner after a failure, which
 * is passed to `onFailure`. Never fails.
 */
export async function repeatedly(
  work: () => Promise<void>,
  pacing: {
    readonly everyMs: number;
    readonly onFailure: (error: unknown, failures: number) => void;
  },
  signal: AbortSignal,
): Promise<void> {
  let failures = 0;
  while (!signal.aborted) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- runs are sequential by design
      await work();
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      pacing.onFailure(error, failures);
    }
    const wait = failures === 0 ? pacing.everyMs : Math.min(pacing.everyMs, retryAfterMs(failures));
    // oxlint-disable-next-line no-await-in-loop -- runs are sequential by design
    await pause(wait, signal);
  }
}
