import { hasFailed, type NamedOutcome, openParts } from './part.ts';
import type { PartMemory } from './part-memory.ts';

/** Pacing says how often installations are reconciled, in milliseconds. */
export interface Pacing {
  /** Interval when everything is ready: the longest time that drift can last. */
  readonly checkMs: number;
  /** Between 0 and 1. */
  readonly random: () => number;
}

const WAIT_MS = 1000;
const LONGEST_WAIT_MS = 10_000;
const LONGEST_BACK_OFF_MS = 300_000;

/** Parts whose changes a watch reports, so that no polling is needed. */
const TOLD: readonly string[] = ['AgentConnected', 'NodeLayersReady'];

/** nextPass returns the milliseconds until the next reconcile. */
export function nextPass(
  parts: readonly NamedOutcome[],
  memory: PartMemory,
  { checkMs, random }: Pacing,
): number {
  const jitter = 0.75 + random() / 4;
  const open = openParts(parts).filter(({ name }) => !TOLD.includes(name));
  if (open.some(hasFailed)) {
    const times = Math.min(memory.again('failed'), 20);
    return Math.min(LONGEST_BACK_OFF_MS, WAIT_MS * 2 ** times) * jitter;
  }
  if (open.length > 0) {
    const times = Math.min(memory.again('waiting'), 100);
    return Math.min(LONGEST_WAIT_MS, WAIT_MS * 1.05 ** times) * jitter;
  }
  memory.again('ready');
  return checkMs * jitter;
}
