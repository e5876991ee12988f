import type { Done } from '../../lib/reconcile/outcome.ts';
import type { PartFacts, PartName, PartOutcome } from './part.ts';

/** PartMemory is what a process remembers of one installation: only so that passes cost little. */
export interface PartMemory {
  /** What came of a part that was over not long ago, and under the same circumstances. */
  recall(part: PartName): Done<PartFacts> | undefined;
  remember(part: PartName, outcome: PartOutcome): void;
  /** Has a part looked at again. */
  forget(part: PartName): void;
  /** Has every part looked at again, those too that a pass which runs just now is about to remember. */
  forgetAll(): void;
  /** Begins a pass, and tells the circumstances that it works under: others make all that is remembered void. */
  under(circumstances: string): void;
  /** Passes in a row that ended the same way: for back-off. */
  again(ending: 'waiting' | 'failed' | 'ready'): number;
}

/** Parts that only repeat what somebody else says: always looked at. */
const NEVER: readonly PartName[] = ['AgentConnected', 'NodeLayersReady'];

/** Makes a memory in which a part that was over is good for so many milliseconds. */
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
      // Whatever is remembered from now on until the next pass is void, too.
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
