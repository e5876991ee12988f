import type { AbortReason } from '../../lib/apis/reasons/pivot.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { during, messageOf } from '../../lib/errors.ts';
import { hasStatus, isConflict } from '../../lib/kube/errors.ts';
import { done, stalled, wait, type Outcome } from '../../lib/reconcile/outcome.ts';
import { sourceUidOf } from '../core/pivot/existing.ts';
import { graphOf } from '../core/pivot/graph.ts';
import { keyOf, titleOf } from '../core/pivot/identity.ts';
import { openAttempt, type Aborted, type Attempt } from '../core/pivot/journal.ts';
import { levelsOf } from '../core/pivot/order.ts';
import {
  burntPatch,
  fenceState,
  givenBackPatch,
  isMarkedForeign,
  ownershipOf,
  ownerText,
} from '../core/pivot/ownership.ts';
import { anchorReference, controlledBy } from '../core/pivot/release.ts';
import { removeEscrow } from '../escrow/escrow.ts';
import { allSettled } from './all-settled.ts';
import { findAnchor, removeAnchor } from './anchor.ts';
import { keepSecret } from './keep-secret.ts';
import { removeObject } from './leftovers.ts';
import { CLUSTER, listAll } from './objects.ts';
import { RECONCILE_ERROR } from './report.ts';
import { compositeOf, type Scope } from './scope.ts';
import { swapOwner } from './steps/release.ts';

const TRIES = 5;
const RETRY_MS = 2000;
const HURRY_MS = 1000;

/**
 * decideAbort records that the open attempt ends: one compare-and-swap, after which no process can commit
 * it any more. Everything else is taken back behind it.
 */
export async function decideAbort(
  scope: Scope,
  reason: AbortReason,
  message: string,
): Promise<void> {
  const { record, deps } = scope;
  const attempt = openAttempt(record.journal);
  if (attempt === undefined) return;
  const at = deps.clock.now().toISOString();
  const { epoch } = attempt;
  await record.save({
    phase: 'Aborting',
    journal: { aborted: { epoch, reason, message, at, sourceBack: false, targetClean: false } },
    conditions: [
      { type: 'Aborted', status: 'True', reason, message },
      { type: 'Released', status: 'False', reason: 'Aborted', message },
    ],
  });
  deps.events.event(record.object, 'Warning', 'PivotAborted', message);
}

/** finishAbort puts the source back as it was, then removes the copies, which stay fenced until then. */
export async function finishAbort(scope: Scope, aborted: Aborted): Promise<Outcome> {
  const { record } = scope;
  if (!aborted.sourceBack) {
    const outcome = await giveBack(scope).catch((error: unknown) => stillFenced(scope, error));
    if (outcome.kind !== 'Done') return outcome;
    await record.save({ journal: { aborted: { ...aborted, sourceBack: true } } });
  }
  if (!aborted.targetClean) {
    const outcome = await cleanTarget(scope);
    if (outcome.kind !== 'Done') return outcome;
    await forgetEscrow(scope);
    await record.save({
      phase: 'Aborted',
      journal: { aborted: { ...aborted, sourceBack: true, targetClean: true } },
    });
  }
  return done;
}

/** Nobody is in charge until the source is back: that does not wait for the back-off of a queue. */
function stillFenced({ log, signal }: Scope, error: unknown): Outcome {
  if (isConflict(error) || signal.aborted) throw error;
  log.warn({ error: messageOf(error) }, 'the source could not be given back');
  return wait(RECONCILE_ERROR, `Cannot give the source back yet: ${messageOf(error)}`, HURRY_MS);
}

/** The source of a pivot to the workload side lives on: what was kept of it would only grow old. */
async function forgetEscrow(scope: Scope): Promise<void> {
  const { deps, target, cluster } = scope;
  if (target.side !== 'workload') return;
  await removeEscrow(deps, { ...cluster, composite: compositeOf(scope) });
}

async function giveBack(scope: Scope): Promise<Outcome> {
  for (let tries = 1; ; tries += 1) {
    try {
      // oxlint-disable-next-line no-await-in-loop -- each try looks anew
      return await giveBackOnce(scope);
    } catch (error) {
      if ((!isConflict(error) && !hasStatus(error, 422)) || tries === TRIES) throw error;
    }
  }
}

async function giveBackOnce(scope: Scope): Promise<Outcome> {
  const { source, record, cluster } = scope;
  const { attempt } = record.journal;
  if (source === undefined || attempt === undefined) return done;
  const ref = { ...CLUSTER, ...cluster };
  const root = await source.api.get(ref);
  if (root === undefined) return done;
  const state = fenceState(root, attempt);
  if (state === 'Open') return burnEpoch(scope, root);
  if (state === 'Lost') return notFenced(scope, root);
  await giveOwnersBack(scope);
  const current = (await source.api.get(ref)) ?? root;
  if (fenceState(current, attempt) !== 'Standing') return notFenced(scope, current);
  await during('give the Cluster back', source.api.patch(ref, givenBackPatch(current, attempt)));
  return done;
}

/**
 * The fence never came, and may be on its way yet: it holds for the Cluster as it was read, so any write
 * ends it, and the epoch tells everybody else why.
 */
async function burnEpoch(scope: Scope, root: KubeObject): Promise<Outcome> {
  const { source, record, cluster } = scope;
  const { attempt } = record.journal;
  if (source === undefined || attempt === undefined) return done;
  const patch = burntPatch(root, attempt);
  await during('use up the epoch', source.api.patch({ ...CLUSTER, ...cluster }, patch));
  return done;
}

/** Not fenced by this attempt (any more): nothing to give back, unless somebody else moves it. */
function notFenced({ record }: Scope, root: KubeObject): Outcome {
  const { attempt } = record.journal;
  return ownershipOf(root).owner === attempt?.owner
    ? done
    : stalled(
        'OwnerChanged',
        `The owner of the Cluster on the source is ${ownerText(root)}, which this pivot did not write: look who else moves it`,
      );
}

async function giveOwnersBack(scope: Scope): Promise<void> {
  const { source, record, cluster } = scope;
  const { attempt } = record.journal;
  if (source === undefined || attempt?.controller === undefined) return;
  const anchor = await findAnchor(scope);
  if (anchor === undefined) return;
  const all = await listAll(source.api, attempt.types, cluster.namespace);
  const from = anchorReference(anchor);
  const to = attempt.controller;
  const held = controlledBy(all, from);
  await allSettled(held.map((object) => swapOwner(scope, object, [from, to])));
  await removeAnchor(scope);
}

/** The copies never ran, and can't: nobody but a commit of this attempt could have activated them. */
async function cleanTarget(scope: Scope): Promise<Outcome> {
  const { record, target, cluster } = scope;
  const { attempt } = record.journal;
  if (attempt === undefined) return done;
  let all: readonly KubeObject[];
  try {
    all = await listAll(target.api, attempt.types, cluster.namespace);
  } catch (error) {
    return wait(
      'TargetUnreachable',
      `The source runs again; waiting for the target to answer, to remove the copies there: ${messageOf(error)}`,
      RETRY_MS,
    );
  }
  const root = all.find((object) => keyOf(object) === `cluster.x-k8s.io/Cluster/${cluster.name}`);
  if (root !== undefined && !isCopyOf(root, attempt)) return done;
  const moved = new Set((record.status.moved ?? []).map(({ kind, name }) => `${kind}/${name}`));
  const graph = graphOf(cluster.name, all);
  const inGraph = new Set(graph?.objects.map(keyOf));
  const found = all.filter(
    (object) =>
      sourceUidOf(object) !== undefined &&
      (inGraph.has(keyOf(object)) || moved.has(`${object.kind}/${object.metadata.name ?? ''}`)),
  );
  const copies = await withoutAccess(scope, found);
  const [first] = copies;
  if (first === undefined) return done;
  for (const level of levelsOf(copies).toReversed()) {
    // oxlint-disable-next-line no-await-in-loop -- what is owned goes before its owners
    await allSettled(level.map((object) => removeObject(target.api, object)));
  }
  return wait('WaitingForRemoval', `Waiting for ${titleOf(first)} to go from the target`, 0);
}

/** What runs, or was fenced later, is no copy of this attempt, whatever it bears. */
function isCopyOf(root: KubeObject, attempt: Attempt): boolean {
  const { owner, epoch, paused } = ownershipOf(root);
  if (owner !== 'moving' || !paused) return false;
  return epoch === attempt.epoch ? !isMarkedForeign(root, attempt) : epoch < attempt.epoch;
}

/** The kubeconfig by which the management side reaches the cluster was there before the copies were. */
async function withoutAccess(
  { target, record, cluster }: Scope,
  copies: readonly KubeObject[],
): Promise<readonly KubeObject[]> {
  if (target.side !== 'management') return copies;
  const { name } = record.spec.kubeconfigSecretRef;
  const access = copies.filter(({ kind, metadata }) => kind === 'Secret' && metadata.name === name);
  await allSettled(access.map((secret) => keepSecret(target.api, cluster.name, secret)));
  return copies.filter((object) => !access.includes(object));
}
