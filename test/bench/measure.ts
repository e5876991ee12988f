import type { Running } from './running.ts';
import type { SteadyCall } from './steady-call.ts';

/** Calls that are under way at the same time: Crossplane has one connection for all its workers. */
const AT_ONCE = 4;

/** Round is what one subject did in one round. */
export interface Round {
  /** CPU of the process for a call, in microseconds. */
  readonly cpu: number;
  readonly callsPerSecond: number;
  readonly latencies: readonly number[];
}

/** round sends so many calls and measures; `calls` is large enough for a clock of ten milliseconds. */
export async function round(
  running: Running,
  { request }: SteadyCall,
  calls: number,
): Promise<Round> {
  const latencies: number[] = [];
  const [cpu, from] = [running.cpu(), performance.now()];
  async function work(): Promise<void> {
    while (latencies.length < calls) {
      const sent = performance.now();
      // oxlint-disable-next-line no-await-in-loop -- one call after the other
      await running.call(request);
      latencies.push(performance.now() - sent);
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  const seconds = (performance.now() - from) / 1000;
  return {
    cpu: (running.cpu() - cpu) / latencies.length,
    callsPerSecond: latencies.length / seconds,
    latencies,
  };
}
