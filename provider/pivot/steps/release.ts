import { refOf } from '../../../lib/kube/addresses.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KubeObject, OwnerReference } from '../../../lib/core/object.ts';
import { during } from '../../../lib/errors.ts';
import { hasStatus, isConflict } from '../../../lib/kube/errors.ts';
import { done, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { titleOf } from '../../core/pivot/identity.ts';
import { anchorReference, controlledBy, swapPatch } from '../../core/pivot/release.ts';
import { allSettled } from '../all-settled.ts';
import { ensureAnchor } from '../anchor.ts';
import { theAttempt, theGraph, theSource, type Scope } from '../scope.ts';
import type { Step } from '../step.ts';
import { verifyAgain } from './verify.ts';

/**
 * release takes the objects from Crossplane: the controller reference to the composite becomes one to an
 * anchor, which no version of Crossplane deletes or overwrites (facts/crossplane.md A.2, proved in
 * facts/crossplane-runs.md 4). A cluster that nobody composed is nobody's to release.
 */
export const release: Step = { name: 'Release', run };

const TRIES = 5;
const PAUSE_MS = 50;

async function run(scope: Scope): Promise<Outcome> {
  const { controller } = theAttempt(scope);
  if (controller === undefined) return done;
  const { memory, record } = scope;
  const anchor = anchorReference(await (memory.anchor ?? ensureAnchor(scope)));
  const held = controlledBy(theGraph(scope).objects, controller);
  await allSettled(held.map((object) => swapOwner(scope, object, [controller, anchor])));
  const [outcome] = await allSettled([
    verifyAgain(scope),
    record
      .save({
        conditions: [
          {
            type: 'Released',
            status: 'True',
            reason: 'Released',
            message: 'The objects belong to Crossplane no more',
          },
        ],
      })
      .then(() => done),
  ]);
  return outcome ?? done;
}

/** swapOwner puts one owner in the place of another, on the object as it is then. */
export async function swapOwner(
  scope: Scope,
  object: KubeObject,
  [from, to]: readonly [from: OwnerReference, to: OwnerReference],
): Promise<void> {
  const { api } = theSource(scope);
  let current: KubeObject | undefined = object;
  for (let tries = 1; current !== undefined; tries += 1) {
    if (controlledBy([current], from).length === 0) return;
    try {
      const patch = swapPatch(current, from, to);
      // oxlint-disable-next-line no-await-in-loop -- each try looks at what the last one met
      await during(`change the owner of ${titleOf(object)}`, api.patch(refOf(object), patch));
      return;
    } catch (error) {
      // A failed test of a JSON patch is a 422.
      const changed = isConflict(error) || hasStatus(error, 422);
      if (!changed || tries === TRIES) throw error;
      // oxlint-disable-next-line no-await-in-loop -- see above
      await sleep(PAUSE_MS);
      // oxlint-disable-next-line no-await-in-loop -- see above
      current = await api.get(refOf(object));
    }
  }
}
