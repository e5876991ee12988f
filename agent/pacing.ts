import { setTimeout as delay } from 'node:timers/promises';

/** pause waits for so many milliseconds, or until the signal. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return delay(ms, undefined, { signal }).catch(() => undefined);
}

const FIRST_MS = 1000;
const LONGEST_MS = 30_000;

/** backOff is how long to wait after so many failures in a row: jittered, 30 s at most. */
export function backOff(failures: number): number {
  const step = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(failures - 1, 10));
  return step * (0.5 + Math.random() / 2);
}

/**
 * repeatedly does some work every so many milliseconds until the signal, sooner after a failure, which
 * `onFailure` is told of. Never fails.
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
      // oxlint-disable-next-line no-await-in-loop -- one after the other is what it is for
      await work();
      failures = 0;
    } catch (error) {
      if (signal.aborted) return;
      failures += 1;
      pacing.onFailure(error, failures);
    }
    const wait = failures === 0 ? pacing.everyMs : Math.min(pacing.everyMs, backOff(failures));
    // oxlint-disable-next-line no-await-in-loop -- one after the other is what it is for
    await pause(wait, signal);
  }
}
