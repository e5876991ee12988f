import { refOf } from '../../../lib/kube/addresses.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { messageOf } from '../../../lib/errors.ts';
import { isUnreachable } from '../../../lib/kube/errors.ts';
import { done, stalled, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { believed } from '../../core/handover/belief.ts';
import { graphOf } from '../../core/pivot/graph.ts';
import { keyOf, titleOf } from '../../core/pivot/identity.ts';
import { fenceState, ownershipOf, ownerText } from '../../core/pivot/ownership.ts';
import type { MoveType } from '../../core/pivot/move-types.ts';
import { annotationsFor, retirementOf } from '../../core/pivot/retirement.ts';
import { someOf } from '../../core/pivot/standstill.ts';
import { ensureEscrow, removeEscrow } from '../../escrow/escrow.ts';
import { allSettled } from '../../../lib/settled.ts';
import { readRecord } from '../../handover/store.ts';
import { removeAnchor } from '../anchor.ts';
import { admitAll } from '../fresh-access.ts';
import { keepSecret } from '../keep-secret.ts';
import { removeForGood } from '../remove-for-good.ts';
import { kindsOf, listAll } from '../objects.ts';
import {
  compositeOf,
  theAttempt,
  theSource,
  typesOf,
  type PivotStep,
  type Scope,
} from '../scope.ts';

/**
 * retire deletes the objects left on the source, dependents first; it stays fenced until the last object is
 * deleted.
 */
export const retire: PivotStep = { name: 'Retire', run };

const RETRY_MS = 500;

/** Time that a workload side which was taken back may be silent. */
const DEAD_MS = 2 * 60_000;

async function run(scope: Scope): Promise<Outcome> {
  try {
    const outcome = await removeSource(scope);
    if (outcome.kind === 'Done') await forgetEscrow(scope);
    return outcome;
  } catch (error) {
    if (!isUnreachable(error) || !isDead(scope)) throw error;
    scope.deps.events.event(
      scope.record.object,
      'Warning',
      'SourceNotRemoved',
      `The workload side does not answer: the objects left on it stay fenced (${messageOf(error)})`,
    );
    return done;
  }
}

/** The management side owns the cluster again, so its escrow would become outdated. */
async function forgetEscrow(scope: Scope): Promise<void> {
  const { deps, target, cluster } = scope;
  if (target.side !== 'management') return;
  await removeEscrow(deps, { ...cluster, composite: compositeOf(scope) });
}

/** A workload side that died after the take-back is not waited for: its objects never become active again. */
function isDead({ source, record, deps }: Scope): boolean {
  const { settledAt } = record.journal;
  if (source?.side !== 'workload' || settledAt === undefined) return false;
  return deps.clock.now().getTime() - Date.parse(settledAt) > DEAD_MS;
}

async function removeSource(scope: Scope): Promise<Outcome> {
  const { source, cluster, record } = scope;
  if (source === undefined) return done;
  await admitAll(scope);
  const all = await listAll(source.api, movedTypes(scope), cluster.namespace);
  const root = all.find((object) => keyOf(object) === `cluster.x-k8s.io/Cluster/${cluster.name}`);
  if (root !== undefined) {
    const refusal = notOurs(scope, root);
    if (refusal !== undefined) return refusal;
    await escrow(scope);
    const moved = record.status.moved ?? [];
    const { levels, kept } = retirementOf(root, all, { moved, keep: keptSecret(scope) });
    await allSettled(kept.map((object) => keepSecret(theSource(scope).api, cluster.name, object)));
    const outcome = await removeLevels(scope, levels);
    if (outcome.kind !== 'Done') return outcome;
  }
  await removeAnchor(scope);
  return done;
}

/** The management side still needs the kubeconfig of the cluster. */
function keptSecret({ record }: Scope): string | undefined {
  const { direction, kubeconfigSecretRef } = record.spec;
  return direction === 'ToWorkload' ? kubeconfigSecretRef.name : undefined;
}

/** Kinds of the objects that were moved. */
function movedTypes(scope: Scope): readonly MoveType[] {
  const kinds = new Set((scope.record.status.moved ?? []).map(({ kind }) => kind));
  return typesOf(scope).filter(({ kind }) => kinds.has(kind));
}

/** Only objects that this attempt fenced are deleted, and only while they are paused. */
function notOurs(scope: Scope, root: KubeObject): Outcome | undefined {
  if (fenceState(root, theAttempt(scope)) === 'Standing') return undefined;
  const { paused } = ownershipOf(root);
  return stalled(
    'SourceNotFenced',
    `${titleOf(root)} on the source has owner ${ownerText(root)}${paused ? '' : ', and is not paused'}: its objects are not removed; find out which other Pivot or tool changed it`,
  );
}

/**
 * The objects are stored before they are deleted from the source, so that the loss of the workload API
 * server never leaves infrastructure that nothing can delete.
 */
async function escrow(scope: Scope): Promise<void> {
  const { deps, cluster, target } = scope;
  if (target.side !== 'workload') return;
  const ref = { ...cluster, composite: compositeOf(scope) };
  const { record } = await readRecord(deps, ref);
  if (record === undefined) {
    throw new Error(
      'cannot write the escrow: the record of the handover does not exist any more; restore its Secret from a backup',
    );
  }
  const all = await listAll(target.api, movedTypes(scope), cluster.namespace);
  const { objects } = believed(all, { record, claimed: new Set() });
  if (graphOf(cluster.name, objects) === undefined)
    throw new Error('cannot write the escrow: the Cluster does not exist on the target');
  await ensureEscrow(deps, record, objects);
}

async function removeLevels(
  scope: Scope,
  levels: readonly (readonly KubeObject[])[],
): Promise<Outcome> {
  const { api } = theSource(scope);
  for (const level of levels.slice(0, -1)) {
    // oxlint-disable-next-line no-await-in-loop -- dependents are deleted before their owners
    await allSettled(level.map((object) => removeForGood(api, object, annotationsFor(object))));
  }
  const left = await stillThere(scope, levels.slice(0, -1).flat());
  if (left.length > 0) {
    await allSettled(left.map((object) => removeForGood(api, object)));
    return wait(
      'WaitingForRemoval',
      `Waiting for ${someOf(left)} to be deleted from the source`,
      RETRY_MS,
    );
  }
  const root = levels.at(-1) ?? [];
  await allSettled(root.map((object) => removeForGood(api, object, annotationsFor(object))));
  const roots = await allSettled(root.map((object) => api.get(refOf(object))));
  return roots.every((object) => object === undefined)
    ? done
    : wait('WaitingForRemoval', 'Waiting for the Cluster to be deleted from the source', RETRY_MS);
}

/** A controller may have added its finalizer again in the meantime (facts/capi.md 1.5). */
async function stillThere(
  scope: Scope,
  gone: readonly KubeObject[],
): Promise<readonly KubeObject[]> {
  const held = gone.filter(({ metadata }) => (metadata.finalizers ?? []).length > 0);
  const names = new Set(gone.map(keyOf));
  const there = await listAll(theSource(scope).api, kindsOf(held), scope.cluster.namespace);
  return there.filter((object) => names.has(keyOf(object)));
}
