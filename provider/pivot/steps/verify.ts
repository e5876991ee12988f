import { done, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { graphHash, graphOf, type Graph } from '../../core/pivot/graph.ts';
import { keyOf, uidOf } from '../../core/pivot/identity.ts';
import { copyProblems } from '../../core/pivot/verify.ts';
import { allSettled } from '../all-settled.ts';
import { kindsOf, listAll } from '../objects.ts';
import { theGraph, theSource, type Scope } from '../scope.ts';
import type { Step } from '../step.ts';

/** verify proves that the target is what the source is, before anything is given up. */
export const verify: Step = { name: 'Verify', run };

const NAMED = 3;
const RETRY_MS = 500;

async function run(scope: Scope): Promise<Outcome> {
  const { memory } = scope;
  const graph = theGraph(scope);
  const target = await (memory.targetObjects ?? targetObjects(scope, graph));
  // The status of the Cluster was restored while the others were listed: its answer counts.
  const root = memory.copies.get(uidOf(graph.cluster));
  const seen = target.map((object) =>
    root !== undefined && keyOf(object) === keyOf(root) ? root : object,
  );
  const outcome = problemsOutcome(copyProblems(graph, seen));
  if (outcome.kind !== 'Done') return outcome;
  return (await memory.authority) ?? done;
}

/** verifyAgain proves it once more with fresh eyes on both sides: the last look before the commit. */
export async function verifyAgain(scope: Scope): Promise<Outcome> {
  const before = theGraph(scope);
  const [source, target] = await allSettled([
    listAll(theSource(scope).api, kindsOf(before.objects), scope.cluster.namespace),
    targetObjects(scope, before),
  ]);
  const now = graphOf(scope.cluster.name, source ?? []);
  if (now === undefined || graphHash(now) !== graphHash(before)) {
    return wait('SourceChanged', 'The source has changed behind the fence: it is copied again', 0);
  }
  return problemsOutcome(copyProblems(now, target ?? []));
}

function targetObjects({ target, cluster }: Scope, graph: Graph): Promise<readonly KubeObject[]> {
  return listAll(target.api, kindsOf(graph.objects), cluster.namespace);
}

function problemsOutcome(problems: readonly string[]): Outcome {
  if (problems.length === 0) return done;
  const more = problems.length > NAMED ? ` and ${problems.length - NAMED} more` : '';
  const named = problems.slice(0, NAMED).join('; ');
  return wait('CopyDiffers', `The copies are not complete yet: ${named}${more}`, RETRY_MS);
}
