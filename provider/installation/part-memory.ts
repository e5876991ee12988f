import type { PartReport } from '../core/installation/report.ts';
import type { PartName } from './part.ts';

/** PartMemory is what a process remembers of one installation: only so that passes cost little. */
export interface PartMemory {
  /** The report of a part that was ready not long ago, and under the same circumstances. */
  recall(part: PartName): PartReport | undefined;
  remember(part: PartName, report: PartReport): void;
  /** Has a part looked at again. */
  forget(part: PartName): void;
  /** Passes in a row that ended the same way: for back-off. */
  again(outcome: 'waiting' | 'failed' | 'ready'): number;
  /** Circumstances under which reports are good; others make all of them void. */
  under(circumstances: string): void;
}

/** Parts that only repeat what somebody else says: always looked at. */
const NEVER: readonly PartName[] = ['AgentConnected', 'NodeLayersReady'];

/** Makes a memory in which a good report is good for so many milliseconds. */
export function partMemory(goodForMs: number): PartMemory {
  const reports = new Map<PartName, { readonly report: PartReport; readonly at: number }>();
  let known = '';
  let last: { outcome: string; times: number } = { outcome: '', times: 0 };
  return {
    recall(part): PartReport | undefined {
      const entry = reports.get(part);
      if (entry === undefined || NEVER.includes(part)) return undefined;
      return performance.now() - entry.at < goodForMs ? entry.report : undefined;
    },
    remember(part, report): void {
      if (report.ready) reports.set(part, { report, at: performance.now() });
      else reports.delete(part);
    },
    forget: (part) => void reports.delete(part),
    again(outcome): number {
      const times = last.outcome === outcome ? last.times + 1 : 0;
      last = { outcome, times };
      return times;
    },
    under(circumstances): void {
      if (known !== circumstances) reports.clear();
      known = circumstances;
    },
  };
}
