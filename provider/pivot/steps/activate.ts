import type { KubeObject } from '../../../lib/core/object.ts';
import { wrapError } from '../../../lib/errors.ts';
import { hasStatus, isConflict } from '../../../lib/kube/errors.ts';
import { done, stalled, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { graphOf } from '../../core/pivot/graph.ts';
import type { Attempt } from '../../core/pivot/journal.ts';
import {
  type Activation,
  activationPatch,
  isFencedBy,
  ownershipOf,
  ownerText,
  unmarkedActivationPatch,
  type Changes,
} from '../../core/pivot/ownership.ts';
import { lostMachines, unsettled } from '../../core/pivot/settled.ts';
import type { StatusChange } from '../../core/pivot/status.ts';
import { hasStatusSubresource } from '../../core/pivot/verify.ts';
import { kindsOf, listAll } from '../objects.ts';
import { CLUSTER } from '../../../capi/kinds.ts';
import { ownerAfter, theAttempt, typesOf, type PivotStep, type Scope } from '../scope.ts';
import { watched } from '../watched.ts';
import type { Committed } from './commit.ts';

/** activate makes the target active and waits until its controllers have resumed all objects. */
export const activate: PivotStep<Committed> = { name: 'Activate', run };

/** Nothing can be aborted any more, so there is no need to check the Pivot in between. */
const SLICE_MS = 30_000;

async function run(scope: Scope, committed: Committed): Promise<Outcome> {
  const { record, deps } = scope;
  if (record.journal.activatedAt === undefined) {
    const stopped = await unpause(scope);
    if (stopped !== undefined) return stopped;
    await record.save(activation(scope, committed));
  }
  if (record.journal.settledAt === undefined) {
    const outcome = await settle(scope, committed);
    if (outcome.kind !== 'Done') return outcome;
    record.note({ journal: { settledAt: deps.clock.now().toISOString() } });
  }
  return done;
}

/**
 * A single write that tests that the copy still belongs to this attempt. Returns an Outcome if it does not.
 */
async function unpause(scope: Scope): Promise<Outcome | undefined> {
  const { target, cluster } = scope;
  const attempt = theAttempt(scope);
  const ref = { ...CLUSTER, ...cluster };
  const next = await nextOwner(scope);
  if (await activated(scope, activationPatch(next, attempt))) return undefined;
  const found = await target.api.get(ref);
  if (found !== undefined && isUnmarked(found, attempt)) {
    const patch = unmarkedActivationPatch(found, next, attempt);
    if (await activated(scope, patch)) return undefined;
  }
  return judge(scope, found);
}

/** With the activation, so that a cluster that manages itself is never without a management side (docs/decisions/0028). */
async function nextOwner(scope: Scope): Promise<Activation> {
  const owner = ownerAfter(scope);
  const management = owner === 'workload' ? await scope.managementUid() : undefined;
  return { owner, management };
}

/** Whether the write succeeded; false if a test of the patch failed. */
async function activated({ target, cluster }: Scope, patch: Changes): Promise<boolean> {
  try {
    await wrapError('activate the target', target.api.patch({ ...CLUSTER, ...cluster }, patch));
    return true;
  } catch (error) {
    if (!hasStatus(error, 422) && !hasStatus(error, 404) && !isConflict(error)) throw error;
    return false;
  }
}

function isUnmarked(cluster: KubeObject, attempt: Attempt): boolean {
  return isFencedBy(cluster, attempt) && ownershipOf(cluster).pivot === undefined;
}

function judge(scope: Scope, cluster: KubeObject | undefined): Outcome | undefined {
  const attempt = theAttempt(scope);
  const where = `on the ${scope.target.side} side`;
  if (cluster === undefined) {
    return stalled(
      'TargetLost',
      `The Cluster no longer exists ${where} after the commit: restore it there from a backup, or take the cluster back from the escrow`,
    );
  }
  const { owner, epoch } = ownershipOf(cluster);
  if (owner === ownerAfter(scope) && epoch > attempt.epoch) return undefined;
  if (isFencedBy(cluster, attempt)) {
    return wait('ActivationRefused', `The Cluster ${where} could not be unpaused yet`, 1000);
  }
  return stalled(
    'OwnerChanged',
    `The owner of the Cluster ${where} is ${ownerText(cluster)}, which this pivot did not write: find out which other Pivot or tool changed it`,
  );
}

function activation(scope: Scope, committed: Committed): StatusChange {
  const { deps, record, metrics } = scope;
  const now = deps.clock.now();
  const byClock = Math.max(0, now.getTime() - Date.parse(theAttempt(scope).at));
  const fencedAtMs = committed?.fencedAtMs;
  const ms = Math.round(fencedAtMs === undefined ? byClock : performance.now() - fencedAtMs);
  metrics.unmanaged(record.spec.direction, ms / 1000);
  deps.events.event(
    record.object,
    'Normal',
    'PivotActivated',
    `The ${scope.target.side} side manages the cluster, after ${ms} ms in which no controller reconciled it`,
  );
  return { unmanagedMilliseconds: ms, journal: { activatedAt: now.toISOString() } };
}

async function settle(scope: Scope, committed: Committed): Promise<Outcome> {
  const { source, target, cluster, signal } = scope;
  const { namespace, name } = cluster;
  const first = committed?.graph.objects ?? (await listAll(target.api, typesOf(scope), namespace));
  // Not by the condition Paused: a copy that its controller has not seen yet has none.
  const kinds = kindsOf(first.filter(hasStatusSubresource));
  const watching = watched(target.api, kinds, { namespace, signal });
  try {
    let last: readonly KubeObject[] = [];
    const missing = await watching.until((objects) => {
      last = objects;
      return unsettled(graphOf(name, objects), { dead: source === undefined });
    }, SLICE_MS);
    if (missing !== undefined) return wait(missing.reason, missing.message, 0);
    warnOfLosses(scope, last);
    return done;
  } finally {
    await watching.end();
  }
}

/** A machine that the agent deleted on purpose cannot be told from a lost one, so this is only a warning. */
function warnOfLosses({ record, deps }: Scope, objects: readonly KubeObject[]): void {
  const lost = lostMachines(record.status.moved ?? [], objects);
  if (lost.length === 0) return;
  deps.events.event(
    record.object,
    'Warning',
    'MachinesGone',
    `Machines that were moved no longer exist: ${lost.join(', ')}`,
  );
}
