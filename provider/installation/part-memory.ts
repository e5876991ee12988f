import type { Done } from '../../lib/reconcile/outcome.ts';
import type { PartFacts, PartName, PartOutcome } from './part.ts';

/** PartMemory is what a process remembers of one installation, only to make reconciles cheap. */
export interface PartMemory {
  /** The outcome of a part that finished recently under the same circumstances. */
  recall(part: PartName): Done<PartFacts> | undefined;
  remember(part: PartName, outcome: PartOutcome): void;
  /** Invalidates a part. */
  forget(part: PartName): void;
  /** Invalidates every part, including those that a running pass is about to remember. */
  forgetAll(): void;
  /** Starts a pass under some circumstances; different circumstances invalidate everything. */
  under(circumstances: string): void;
  /** Number of consecutive passes with the same ending, for the back-off. */
  again(ending: 'waiting' | 'failed' | 'ready'): number;
}

/** Parts that only relay the status of others are always checked. */
const NEVER: readonly PartName[] = ['AgentConnected', 'NodeLayersReady'];

/** Creates a memory in which a finished part is valid for some milliseconds. */
export function partMemory(goodForMs: number): PartMemory {
  const parts = new Map<PartName, { readonly outcome: Done<PartFacts>; readonly at: number }>();
  let known: string | undefined;
  let last: { ending: string; times: number } = { ending: '', times: 0 };
  return {
    recall(part): Done<PartFacts> | undefined {
      const entry = parts.get(part);
      if (entry === undefined || NEVER.includes(part)) return undefined;
      return performance.now() - entry.at < goodForMs ? entry.outcome : undefined;
    },
    remember(part, outcome): void {
      if (outcome.kind === 'Done') parts.set(part, { outcome, at: performance.now() });
      else parts.delete(part);
    },
    forget: (part) => void parts.delete(part),
    forgetAll(): void {
      parts.clear();
      // Everything remembered until the next pass is invalid, too.
      known = undefined;
    },
    under(circumstances): void {
      if (known !== circumstances) parts.clear();
      known = circumstances;
    },
    again(ending): number {
      const times = last.ending === ending ? last.times + 1 : 0;
      last = { ending, times };
      return times;
    },
  };
}
