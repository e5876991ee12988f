import { done, doneWith, firstOpen, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { allSettled } from '../../../lib/settled.ts';
import { anchorReference, controlledBy } from '../../core/pivot/release.ts';
import { ensureAnchor } from '../anchor.ts';
import { theAttempt, theSource, type PivotStep, type Scope } from '../scope.ts';
import { swapOwner } from '../swap-owner.ts';
import type { Moved } from './commit.ts';
import { verifyAgain, type Verified } from './verify.ts';

/**
 * release takes the objects from Crossplane: it replaces the controller reference to the composite with one
 * to an anchor, which no version of Crossplane deletes or overwrites (facts/crossplane.md A.2, proved in
 * facts/crossplane-runs.md 4). A cluster without a composite needs no release.
 */
export const release: PivotStep<Verified, Moved> = { name: 'Release', run };

async function run(scope: Scope, verified: Verified): Promise<Outcome<Moved>> {
  const { graph, fencedAtMs } = verified;
  const { controller } = theAttempt(scope);
  if (controller === undefined) return doneWith({ graph, fencedAtMs });
  const { record } = scope;
  const anchor = await (verified.anchor ?? ensureAnchor(scope));
  if (anchor.kind !== 'Done') return anchor;
  const to = anchorReference(anchor.value);
  const held = controlledBy(graph.objects, controller);
  const { api } = theSource(scope);
  await allSettled(held.map((object) => swapOwner(api, object, [controller, to])));
  const outcomes = await allSettled([
    verifyAgain(scope, graph),
    record
      .save({
        conditions: [
          {
            type: 'Released',
            status: 'True',
            reason: 'Released',
            message: 'The objects no longer belong to Crossplane',
          },
        ],
      })
      .then(() => done),
  ]);
  return firstOpen(outcomes) ?? doneWith({ graph, fencedAtMs });
}
