import type { PartReason } from '../../lib/apis/reasons/agent-installation.ts';
import { messageOf } from '../../lib/errors.ts';
import { isUnreachable } from '../../lib/kube/errors.ts';
import {
  failing,
  type NamedReport,
  type PartReport,
  waiting,
} from '../core/installation/report.ts';
import type { PartMemory } from './part-memory.ts';
import type { Part, Scope } from './part.ts';
import { refusedTargetIn } from './target-check.ts';

const UNREACHABLE = 'Unreachable';

/**
 * runParts brings every part to what it shall be that does not wait for another one, and tells how
 * each stands. Never fails: what a part throws is its report. A part that was ready a moment ago is
 * not looked at again.
 */
export async function runParts(
  parts: readonly Part[],
  scope: Scope,
  memory: PartMemory,
): Promise<readonly NamedReport[]> {
  const reports: NamedReport[] = [];
  for (const part of parts) {
    const { name } = part;
    const blocker = part.needs.find((need) =>
      reports.some((report) => report.name === need && !report.ready),
    );
    // oxlint-disable-next-line no-await-in-loop -- parts build on one another
    const report = await (blocker === undefined
      ? remembered(part, scope, memory)
      : waiting(`WaitingFor${blocker}`, `part ${blocker}`));
    reports.push({ ...report, name });
    // What was ready there a moment ago need not be any longer.
    if (report.targetLost === true) memory.under('target lost');
  }
  return reports;
}

async function remembered(part: Part, scope: Scope, memory: PartMemory): Promise<PartReport> {
  const known = memory.recall(part.name);
  if (known !== undefined) return known;
  const report = await attempt(part, scope);
  memory.remember(part.name, report);
  return report;
}

async function attempt(part: Part, scope: Scope): Promise<PartReport> {
  try {
    return await part.ensure(scope);
  } catch (error) {
    const refused = refusedTargetIn(error);
    if (refused !== undefined) return lost(refused.reason, refused.message);
    return isUnreachable(error)
      ? lost(UNREACHABLE, messageOf(error))
      : failing('Failed', messageOf(error));
  }
}

function lost(reason: PartReason, message: string): PartReport {
  return { ...failing(reason, message), targetLost: true };
}
