import { messageOf } from '../../lib/errors.ts';
import { isUnreachable } from '../../lib/kube/errors.ts';
import { stalled, wait } from '../../lib/reconcile/outcome.ts';
import type { PartMemory } from './part-memory.ts';
import type { NamedOutcome, Part, PartOutcome, Scope } from './part.ts';
import { missingKubeconfigIn, refusedSecretIn } from '../workload-clients.ts';
import { refusedProviderIn } from './provider-refusal.ts';
import { refusedTargetIn } from './target-check.ts';

/**
 * runParts reconciles every part that does not wait for another one, and returns the outcome of each. Never
 * fails: an exception is a failure of one part, and independent parts continue. A part that finished
 * recently is not checked again.
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
    // oxlint-disable-next-line no-await-in-loop -- parts depend on one another
    const outcome = await (blocker === undefined
      ? remembered(part, scope, memory)
      : wait(`WaitingFor${blocker}`, `Waiting for part ${blocker}`));
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
  const missing = missingKubeconfigIn(error);
  if (missing !== undefined) {
    memory.forgetAll();
    return wait('WaitingForKubeconfig', missing.message);
  }
  const refusedSecret = refusedSecretIn(error);
  if (refusedSecret !== undefined) {
    memory.forgetAll();
    return wait('SecretNotAllowed', refusedSecret.message);
  }
  const provider = refusedProviderIn(error);
  if (provider !== undefined) return stalled(provider.reason, provider.message);
  if (refused === undefined && !isUnreachable(error)) return stalled('Failed', messageOf(error));
  // The cluster cannot be reached or is the wrong one: earlier results are no longer valid.
  memory.forgetAll();
  return refused === undefined
    ? stalled('Unreachable', messageOf(error))
    : stalled(refused.reason, refused.message);
}
