import { messageOf } from '../../lib/errors.ts';
import { isUnreachable } from '../../lib/kube/errors.ts';
import { stalled, wait } from '../../lib/reconcile/outcome.ts';
import type { PartMemory } from './part-memory.ts';
import type { NamedOutcome, Part, PartOutcome, Scope } from './part.ts';
import { refusedTargetIn } from './target-check.ts';

/**
 * runParts brings every part to what it shall be that does not wait for another one, and tells what came
 * of each. Never fails: what a part throws is a failure of that part, and those go on that do not need it.
 * A part that was over a moment ago is not looked at again.
 */
export async function runParts(
  parts: readonly Part[],
  scope: Scope,
  memory: PartMemory,
): Promise<readonly NamedOutcome[]> {
  const all: NamedOutcome[] = [];
  for (const part of parts) {
    const blocker = part.needs.find((need) =>
      all.some(({ name, outcome }) => name === need && outcome.kind !== 'Done'),
    );
    // oxlint-disable-next-line no-await-in-loop -- parts build on one another
    const outcome = await (blocker === undefined
      ? remembered(part, scope, memory)
      : wait(`WaitingFor${blocker}`, `part ${blocker}`));
    all.push({ name: part.name, outcome });
  }
  return all;
}

async function remembered(part: Part, scope: Scope, memory: PartMemory): Promise<PartOutcome> {
  const known = memory.recall(part.name);
  if (known !== undefined) return known;
  try {
    const outcome = await part.run(scope);
    memory.remember(part.name, outcome);
    return outcome;
  } catch (error) {
    return failure(error, memory);
  }
}

function failure(error: unknown, memory: PartMemory): PartOutcome {
  const refused = refusedTargetIn(error);
  if (refused === undefined && !isUnreachable(error)) return stalled('Failed', messageOf(error));
  // The cluster is out of reach, or not the one that it shall be: what was there need not be any longer.
  memory.forgetAll();
  return refused === undefined
    ? stalled('Unreachable', messageOf(error))
    : stalled(refused.reason, refused.message);
}
