import { done, type Outcome } from '../../../lib/reconcile/outcome.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { uidOf } from '../../core/pivot/identity.ts';
import { allSettled } from '../all-settled.ts';
import { bothSides } from '../both-sides.ts';
import { restoreStatus as restore } from '../restored-status.ts';
import { theGraph, type Scope } from '../scope.ts';
import type { Step } from '../step.ts';

/**
 * restoreStatus gives every copy the status of its source. The Cluster comes last: as soon as its status
 * says so, Cluster API dials the workload cluster, and tries again after 30 s only when something that it
 * needs is not there yet (facts/e2e.md 7).
 */
export const restoreStatus: Step = { name: 'RestoreStatus', run };

async function run(scope: Scope): Promise<Outcome> {
  const { memory } = scope;
  const graph = theGraph(scope);
  const others = graph.objects.filter((object) => object !== graph.cluster);
  await allSettled(others.map((object) => one(scope, object)));
  // Verify looks at all others meanwhile.
  memory.bothSides = bothSides(scope);
  memory.bothSides.catch(() => undefined);
  await one(scope, graph.cluster);
  return done;
}

async function one(scope: Scope, object: KubeObject): Promise<void> {
  const { memory } = scope;
  const begun = memory.statuses.get(uidOf(object));
  const copy = memory.copies.get(uidOf(object));
  if (begun !== undefined) await begun;
  else if (copy !== undefined) await restore(scope, object, copy);
}
