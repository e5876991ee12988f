import { isForgotten } from '../../../../lib/apis/forgotten.ts';
import type { KubeObject } from '../../../../lib/core/object.ts';
import { wrapError, messageOf } from '../../../../lib/errors.ts';
import { hasStatus, isConflict } from '../../../../lib/kube/errors.ts';
import { done, retryAfter, stalled, type Outcome } from '../../../../lib/reconcile/outcome.ts';
import { allSettled } from '../../../../lib/settled.ts';
import type { Attempt } from '../../../core/pivot/journal.ts';
import {
  burntPatch,
  fenceState,
  givenBackPatch,
  ownershipOf,
  ownerText,
} from '../../../core/pivot/ownership.ts';
import { anchorReference, controlledBy } from '../../../core/pivot/release.ts';
import { findAnchor, removeAnchor } from '../../anchor.ts';
import { listAll } from '../../objects.ts';
import { CLUSTER } from '../../../../capi/kinds.ts';
import type { PivotStep, Scope, Site } from '../../scope.ts';
import { swapOwner } from '../../swap-owner.ts';

/** giveSourceBack restores the source to its state before the fence. */
export const giveSourceBack: PivotStep = { name: 'GiveSourceBack', run };

const TRIES = 5;
const HURRY_MS = 1000;

async function run(scope: Scope): Promise<Outcome> {
  const { record, source } = scope;
  const { aborted, attempt } = record.journal;
  if (aborted === undefined || aborted.sourceBack) return done;
  if (source !== undefined && attempt !== undefined) {
    const work = giveBack(scope, source, attempt);
    const outcome = await work.catch((error: unknown) => stillFenced(scope, error));
    if (outcome.kind !== 'Done') return outcome;
  }
  await record.save({ journal: { aborted: { ...aborted, sourceBack: true } } });
  return done;
}

/**
 * No controller reconciles the cluster until the source is restored, so this does not wait for the back-off
 * of the queue.
 */
function stillFenced({ log, signal }: Scope, error: unknown): Outcome {
  if (isConflict(error) || signal.aborted) throw error;
  log.warn({ error: messageOf(error) }, 'could not give the source back');
  return retryAfter(HURRY_MS, `Cannot give the source back yet: ${messageOf(error)}`);
}

async function giveBack(scope: Scope, source: Site, attempt: Attempt): Promise<Outcome> {
  for (let tries = 1; ; tries += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- each try reads the object again
      return await giveBackOnce(scope, source, attempt);
    } catch (error) {
      if ((!isConflict(error) && !hasStatus(error, 422)) || tries === TRIES) throw error;
    }
  }
}

async function giveBackOnce(scope: Scope, { api }: Site, attempt: Attempt): Promise<Outcome> {
  const ref = { ...CLUSTER, ...scope.cluster };
  const root = await api.get(ref);
  if (root === undefined) return done;
  const state = fenceState(root, attempt);
  if (state === 'Open') {
    // The fence was not observed and may still be in flight: it applies only to the resourceVersion that
    // was read, so any write invalidates it, and the epoch tells other processes why.
    await wrapError('use up the epoch', api.patch(ref, burntPatch(root, attempt)));
    return done;
  }
  // Crossplane cannot hold what the anchor controls; the Cluster stays paused.
  if (isForgotten(root)) await giveOwnersBack(scope, api, attempt);
  if (state === 'Lost') return notFenced(root, attempt);
  await giveOwnersBack(scope, api, attempt);
  const current = (await api.get(ref)) ?? root;
  if (fenceState(current, attempt) !== 'Standing') return notFenced(current, attempt);
  await wrapError('give the Cluster back', api.patch(ref, givenBackPatch(current, attempt)));
  return done;
}

/**
 * Not fenced by this attempt (any more): there is nothing to restore, unless something else moves the
 * cluster.
 */
function notFenced(root: KubeObject, { owner }: Attempt): Outcome {
  // Given back, it would be reconciled beside the cluster itself.
  const isNobodys = owner === 'management' && isForgotten(root);
  return isNobodys || ownershipOf(root).owner === owner
    ? done
    : stalled(
        'OwnerChanged',
        `The owner of the Cluster on the source is ${ownerText(root)}, which this pivot did not write: find out which other Pivot or tool changed it`,
      );
}

async function giveOwnersBack(
  scope: Scope,
  api: Site['api'],
  { controller, types }: Attempt,
): Promise<void> {
  if (controller === undefined) return;
  const anchor = await findAnchor(scope);
  if (anchor === undefined) return;
  const all = await listAll(api, types, scope.cluster.namespace);
  const from = anchorReference(anchor);
  const held = controlledBy(all, from);
  await allSettled(held.map((object) => swapOwner(api, object, [from, controller])));
  await removeAnchor(scope);
}
