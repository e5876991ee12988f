import { PIVOT } from '../../../lib/apis/kinds.ts';
import { isPaused, PAUSED_ANNOTATION } from '../../../lib/apis/pause.ts';
import { isTrue } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { wrapError } from '../../../lib/errors.ts';
import { refOf } from '../../../lib/kube/addresses.ts';
import { done, doneWith, wait, type Open } from '../../../lib/reconcile/outcome.ts';
import type { Step } from '../../../lib/reconcile/steps.ts';
import { withLeft } from '../../core/teardown/journal.ts';
import { GIVE_UP_ANNOTATION, isGivenUp } from '../../core/pivot/abandoned.ts';
import { backName, isOver, stepOf } from '../../core/teardown/pivot-state.ts';
import { isHeldByCrossplane } from '../../core/teardown/subject.ts';
import { readHandoverState, type HandoverState } from '../handover-state.ts';
import { changeMetadata } from '../held-object.ts';
import { reach } from '../reach.ts';
import { POLL_MS, type Pass } from '../pass.ts';
import { trustEscrow } from '../trust-escrow.ts';

/**
 * Crossplane may be composing while a composite is deleted. It removes its finalizer in a separate
 * reconcile, so it composes nothing more once that finalizer is removed.
 */
export const awaitCrossplane: Step<Pass> = {
  name: 'Wait for Crossplane to let go',
  run: ({ subject: { composite } }) =>
    Promise.resolve(
      isHeldByCrossplane(composite)
        ? wait(
            'WaitingForCrossplane',
            `Waiting for Crossplane to release ${composite.kind} ${composite.metadata.name}: check that Crossplane is running`,
          )
        : done,
    ),
};

/**
 * A pivot in progress is aborted before its commit; after the commit it must finish, unless its target is
 * dead.
 */
export const settlePivot: Step<Pass, void, HandoverState> = {
  name: 'Settle the pivot',
  async run(pass) {
    const { deps, subject, journal } = pass;
    const state = await readHandoverState(deps.management, subject);
    for (const sentence of state.others.map(theirs)) journal.note((one) => withLeft(one, sentence));
    return (await settled(pass, state)) ?? doneWith(state);
  },
};

/** What to wait for; undefined if no pivot is in progress. */
async function settled(pass: Pass, { forward, pivot }: HandoverState): Promise<Open | undefined> {
  if (forward === 'TakenBack') return settleRest(pass);
  if (pivot === undefined) return undefined;
  if (forward === 'BeforeCommit') return callOff(pass, pivot);
  if (forward === 'AfterCommit') return finish(pass, pivot);
  return undefined;
}

function theirs({ kind, metadata: { namespace, name } }: KubeObject): string {
  return `${kind} ${namespace}/${name} is kept: it was created for another object with a cluster of this name`;
}

/**
 * The cluster is back on this side, no matter how: another Pivot that is still in progress would wait
 * forever for the objects that are deleted next, and block its namespace. Our own Pivot finishes, because
 * the next step waits for it.
 */
async function settleRest(pass: Pass): Promise<Open | undefined> {
  const { namespace, name } = pass.subject.cluster;
  const list = pass.deps.management.list({ ...PIVOT, namespace });
  const { items } = await wrapError(`list the Pivots of cluster ${name}`, list);
  const open = items.find(
    (one) =>
      recordIn(one, 'spec')?.['clusterName'] === name &&
      one.metadata.name !== backName(name) &&
      isTrue(one, 'Committed') &&
      !isOver(one),
  );
  return open === undefined ? undefined : giveUp(pass, open);
}

async function callOff({ deps }: Pass, pivot: KubeObject): Promise<Open> {
  const { name } = pivot.metadata;
  if (recordIn(pivot, 'spec')?.['abort'] !== true) {
    await wrapError(
      `abort Pivot ${name}`,
      deps.management.patch(refOf(pivot), { spec: { abort: true } }),
    );
  }
  return wait(
    'AbortingPivot',
    `Waiting for Pivot ${name} to abort and restore the source; ${stepOf(pivot)}${paused(pivot)}`,
    POLL_MS,
  );
}

async function finish(pass: Pass, pivot: KubeObject): Promise<Open> {
  if (isGivenUp(pivot)) return giveUp(pass, pivot);
  // With policy Orphan there is nothing to take back.
  if (pass.subject.orphan) return finishing(pivot, '');
  const { dead, failure, notice } = await reach(pass);
  if (!dead) return finishing(pivot, notice);
  const trusted = await trustEscrow(pass, failure);
  return trusted.kind === 'Done' ? giveUp(pass, pivot) : trusted;
}

/** Once the Pivot reports that it has given up, it changes neither side any more. */
async function giveUp({ deps }: Pass, pivot: KubeObject): Promise<Open> {
  const { name } = pivot.metadata;
  if (!isGivenUp(pivot)) {
    const annotations = { [GIVE_UP_ANNOTATION]: 'true' };
    await changeMetadata(deps.management, pivot, { annotations });
  }
  return wait(
    'AbandoningPivot',
    `Waiting for Pivot ${name} to give up because the cluster that it moves to is dead or was taken back${paused(pivot)}`,
    POLL_MS,
  );
}

function finishing(pivot: KubeObject, notice: string): Open {
  return wait(
    'FinishingPivot',
    `Waiting for Pivot ${pivot.metadata.name}, which is past its commit and must finish before the cluster can be taken back; ${stepOf(pivot)}${paused(pivot)}${notice}`,
    POLL_MS,
  );
}

function paused(pivot: KubeObject): string {
  return isPaused(pivot) ? `. It is paused: remove its annotation ${PAUSED_ANNOTATION}` : '';
}
