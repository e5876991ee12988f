import { done, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { graphHash, graphOf } from '../../core/pivot/graph.ts';
import { keyOf, uidOf } from '../../core/pivot/identity.ts';
import { leaving } from '../../core/pivot/standstill.ts';
import { copyProblems } from '../../core/pivot/verify.ts';
import { bothSides } from '../both-sides.ts';
import { theGraph, type BothSides, type Scope } from '../scope.ts';
import type { Step } from '../step.ts';

/** verify proves that the target is what the source is, before anything is given up. */
export const verify: Step = { name: 'Verify', run };

const NAMED = 3;
const RETRY_MS = 500;

async function run(scope: Scope): Promise<Outcome> {
  const { memory } = scope;
  const { source, target } = await (memory.bothSides ?? bothSides(scope));
  // The status of the Cluster was restored while all others were read: its answer counts.
  const root = memory.copies.get(uidOf(theGraph(scope).cluster));
  const seen = target.map((object) =>
    root !== undefined && keyOf(object) === keyOf(root) ? root : object,
  );
  const outcome = compared(scope, { source, target: seen });
  if (outcome.kind !== 'Done') return outcome;
  return (await memory.authority) ?? done;
}

/** verifyAgain proves it once more with fresh eyes on both sides: the last look before the commit. */
export async function verifyAgain(scope: Scope): Promise<Outcome> {
  return compared(scope, await bothSides(scope));
}

function compared(scope: Scope, { source, target }: BothSides): Outcome {
  const now = graphOf(scope.cluster.name, source);
  const same = now !== undefined && graphHash(now) === graphHash(theGraph(scope));
  if (!same || leaving(now.objects).length > 0) {
    return wait('SourceChanged', 'The source has changed behind the fence: it is copied again', 0);
  }
  return problemsOutcome(copyProblems(now, target));
}

function problemsOutcome(problems: readonly string[]): Outcome {
  if (problems.length === 0) return done;
  const more = problems.length > NAMED ? ` and ${problems.length - NAMED} more` : '';
  const named = problems.slice(0, NAMED).join('; ');
  return wait('CopyDiffers', `The copies are not complete yet: ${named}${more}`, RETRY_MS);
}
