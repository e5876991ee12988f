import type { KubeObject } from '../../../../lib/core/object.ts';
import { messageOf } from '../../../../lib/errors.ts';
import { done, doneWith, wait, type Outcome } from '../../../../lib/reconcile/outcome.ts';
import { allSettled } from '../../../../lib/settled.ts';
import { sourceUidOf } from '../../../core/pivot/existing.ts';
import { graphOf } from '../../../core/pivot/graph.ts';
import { keyOf, titleOf } from '../../../core/pivot/identity.ts';
import type { Attempt } from '../../../core/pivot/journal.ts';
import { levelsOf } from '../../../core/pivot/order.ts';
import { isMarkedForeign, ownershipOf } from '../../../core/pivot/ownership.ts';
import { removeEscrow } from '../../../escrow/escrow.ts';
import { keepSecret } from '../../keep-secret.ts';
import { removeForGood } from '../../remove-for-good.ts';
import { listAll } from '../../objects.ts';
import { compositeOf, type PivotStep, type Scope } from '../../scope.ts';
import { isBelieved, isCopyOfCluster } from '../../trust.ts';

/** cleanTarget deletes the copies; they stay fenced until the last one is deleted. */
export const cleanTarget: PivotStep = { name: 'CleanTarget', run };

const RETRY_MS = 2000;

async function run(scope: Scope): Promise<Outcome> {
  const { record } = scope;
  const { aborted, attempt } = record.journal;
  if (aborted === undefined || aborted.targetClean) return done;
  if (attempt !== undefined) {
    const outcome = await removeCopies(scope, attempt);
    if (outcome.kind !== 'Done') return outcome;
  }
  await forgetEscrow(scope);
  await record.save({
    phase: 'Aborted',
    journal: { aborted: { ...aborted, sourceBack: true, targetClean: true } },
  });
  return done;
}

/** The source of a pivot to the workload side stays active, so its escrow would become outdated. */
async function forgetEscrow(scope: Scope): Promise<void> {
  const { deps, target, cluster } = scope;
  if (target.side !== 'workload') return;
  await removeEscrow(deps, { ...cluster, composite: compositeOf(scope) });
}

/** The copies never became active: only a commit of this attempt could have activated them. */
async function removeCopies(scope: Scope, attempt: Attempt): Promise<Outcome> {
  const { target } = scope;
  const listed = await listTarget(scope, attempt);
  if (listed.kind !== 'Done') return listed;
  const copies = await withoutAccess(scope, copiesIn(scope, listed.value, attempt));
  const [first] = copies;
  if (first === undefined) return done;
  for (const level of levelsOf(copies).toReversed()) {
    // oxlint-disable-next-line no-await-in-loop -- dependents are deleted before their owners
    await allSettled(level.map((object) => removeForGood(target.api, object)));
  }
  return wait(
    'WaitingForRemoval',
    `Waiting for ${titleOf(first)} to be deleted from the target`,
    0,
  );
}

async function listTarget(
  { target, cluster }: Scope,
  { types }: Attempt,
): Promise<Outcome<readonly KubeObject[]>> {
  try {
    return doneWith(await listAll(target.api, types, cluster.namespace));
  } catch (error) {
    return wait(
      'TargetUnreachable',
      `The source is active again; waiting for the target to answer so that the copies on it can be removed: ${messageOf(error)}`,
      RETRY_MS,
    );
  }
}

function copiesIn(
  scope: Scope,
  all: readonly KubeObject[],
  attempt: Attempt,
): readonly KubeObject[] {
  const { record, cluster } = scope;
  const root = all.find((object) => keyOf(object) === `cluster.x-k8s.io/Cluster/${cluster.name}`);
  if (root !== undefined && !isCopyOf(root, attempt)) return [];
  const moved = new Set((record.status.moved ?? []).map(({ kind, name }) => `${kind}/${name}`));
  const inGraph = new Set(graphOf(cluster.name, all)?.objects.map(keyOf));
  return all.filter(
    (object) =>
      sourceUidOf(object) !== undefined &&
      // On the management side an object of another cluster may have the name of one that was to be copied.
      (isBelieved(scope) || isCopyOfCluster(scope, object)) &&
      (inGraph.has(keyOf(object)) || moved.has(`${object.kind}/${object.metadata.name ?? ''}`)),
  );
}

/**
 * An object that is active or was fenced later is not a copy of this attempt, regardless of its
 * annotations.
 */
function isCopyOf(root: KubeObject, attempt: Attempt): boolean {
  const { owner, epoch, paused } = ownershipOf(root);
  if (owner !== 'moving' || !paused) return false;
  return epoch === attempt.epoch ? !isMarkedForeign(root, attempt) : epoch < attempt.epoch;
}

/** The kubeconfig that the management side uses existed before the copies. */
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
