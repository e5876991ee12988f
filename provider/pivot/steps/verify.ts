import { done, doneWith, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { graphHash, graphOf, type Graph } from '../../core/pivot/graph.ts';
import { keyOf } from '../../core/pivot/identity.ts';
import { leaving } from '../../core/pivot/standstill.ts';
import { copyProblems } from '../../core/pivot/verify.ts';
import { bothSides, type BothSides } from '../sides.ts';
import type { PivotStep, Scope } from '../scope.ts';
import type { Copied } from './copy.ts';
import type { Restored } from './restore-status.ts';

/** Verified is what was verified on both sides. */
export type Verified = Pick<Copied, 'graph' | 'anchor' | 'fencedAtMs'>;

/** verify checks that the target matches the source before anything is given up. */
export const verify: PivotStep<Restored, Verified> = { name: 'Verify', run };

const NAMED = 3;
const RETRY_MS = 500;

async function run(scope: Scope, restored: Restored): Promise<Outcome<Verified>> {
  const { graph, anchor, fencedAtMs, root } = restored;
  const sides = await restored.sides;
  if (sides.kind !== 'Done') return sides;
  const { source, target } = sides.value;
  // The status of the Cluster was restored while all others were read, so its response is used.
  const seen = target.map((object) => (keyOf(object) === keyOf(root) ? root : object));
  const outcome = compared(scope, graph, { source, target: seen });
  if (outcome.kind !== 'Done') return outcome;
  const authority = await restored.authority;
  return authority.kind === 'Done' ? doneWith({ graph, anchor, fencedAtMs }) : authority;
}

/** verifyAgain repeats the check with a fresh read of both sides: the last check before the commit. */
export async function verifyAgain(scope: Scope, graph: Graph): Promise<Outcome> {
  const sides = await bothSides(scope, graph);
  return sides.kind === 'Done' ? compared(scope, graph, sides.value) : sides;
}

function compared(scope: Scope, graph: Graph, { source, target }: BothSides): Outcome {
  const now = graphOf(scope.cluster.name, source);
  const same = now !== undefined && graphHash(now) === graphHash(graph);
  if (!same || leaving(now.objects).length > 0) {
    return wait('SourceChanged', 'The source changed after it was fenced: it is copied again', 0);
  }
  return problemsOutcome(copyProblems(now, target));
}

function problemsOutcome(problems: readonly string[]): Outcome {
  if (problems.length === 0) return done;
  const more = problems.length > NAMED ? ` and ${problems.length - NAMED} more` : '';
  const named = problems.slice(0, NAMED).join('; ');
  return wait('CopyDiffers', `The copies are not complete yet: ${named}${more}`, RETRY_MS);
}
