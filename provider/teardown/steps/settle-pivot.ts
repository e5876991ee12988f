import { PIVOT } from '../../../lib/apis/kinds.ts';
import { isTrue, recordIn } from '../../../lib/core/conditions.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { during } from '../../../lib/errors.ts';
import { done, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { withLeft } from '../../core/teardown/journal.ts';
import { GIVE_UP_ANNOTATION, isGivenUp } from '../../core/pivot/abandoned.ts';
import { backName, isOver, stepOf } from '../../core/teardown/pivot-state.ts';
import { PAUSED_ANNOTATION } from '../../core/teardown/subject.ts';
import { changeMetadata, refOf } from '../held-object.ts';
import { reach } from '../reach.ts';
import { POLL_MS, type Pass, type Step } from '../step.ts';
import { trustEscrow } from '../trust-escrow.ts';

/** A pivot that is under way is called off before its commit, and left to end after it, unless its target is dead. */
export const settlePivot: Step = {
  name: 'Settle the pivot',
  async run(pass): Promise<Outcome> {
    const { forward, pivot, others } = await pass.way();
    for (const sentence of others.map(theirs)) pass.book.note((one) => withLeft(one, sentence));
    if (forward === 'TakenBack') return settleRest(pass);
    if (pivot === undefined) return done;
    if (forward === 'BeforeCommit') return callOff(pass, pivot);
    if (forward === 'AfterCommit') return finish(pass, pivot);
    return done;
  },
};

function theirs({ kind, metadata: { namespace, name } }: KubeObject): string {
  return `${kind} ${namespace}/${name} stays: it was made for another object with a cluster of this name`;
}

/**
 * Whoever has brought the cluster back, here it is: a Pivot that went on would wait for ever for what is
 * removed next, and keep its namespace. Ours is left to end, because the next step waits for it.
 */
async function settleRest(pass: Pass): Promise<Outcome> {
  const { namespace, name } = pass.subject.cluster;
  const list = pass.deps.management.list({ ...PIVOT, namespace });
  const { items } = await during(`list the Pivots of cluster ${name}`, list);
  const open = items.find(
    (one) =>
      recordIn(one, 'spec')?.['clusterName'] === name &&
      one.metadata.name !== backName(name) &&
      isTrue(one, 'Committed') &&
      !isOver(one),
  );
  return open === undefined ? done : giveUp(pass, open);
}

async function callOff({ deps }: Pass, pivot: KubeObject): Promise<Outcome> {
  const { name } = pivot.metadata;
  if (recordIn(pivot, 'spec')?.['abort'] !== true) {
    await during(
      `abort Pivot ${name}`,
      deps.management.patch(refOf(pivot), { spec: { abort: true } }),
    );
  }
  return wait(
    'AbortingPivot',
    `Waiting for Pivot ${name} to put everything back as it was; ${stepOf(pivot)}${paused(pivot)}`,
    POLL_MS,
  );
}

async function finish(pass: Pass, pivot: KubeObject): Promise<Outcome> {
  if (isGivenUp(pivot)) return giveUp(pass, pivot);
  // Who lets a cluster go has nothing to take back.
  if (pass.subject.orphan) return finishing(pivot, '');
  const { dead, failure, notice } = await reach(pass);
  if (!dead) return finishing(pivot, notice);
  const escrow = await trustEscrow(pass, failure);
  return 'kind' in escrow ? escrow : giveUp(pass, pivot);
}

/** From when it says so itself the Pivot touches neither side any more. */
async function giveUp({ deps }: Pass, pivot: KubeObject): Promise<Outcome> {
  const { name } = pivot.metadata;
  if (!isGivenUp(pivot)) {
    const annotations = { [GIVE_UP_ANNOTATION]: 'true' };
    await changeMetadata(deps.management, pivot, { annotations });
  }
  return wait(
    'AbandoningPivot',
    `Waiting for Pivot ${name} to give up, because the cluster that it goes to is dead or was taken back${paused(pivot)}`,
    POLL_MS,
  );
}

function finishing(pivot: KubeObject, notice: string): Outcome {
  return wait(
    'FinishingPivot',
    `Waiting for Pivot ${pivot.metadata.name}, which is behind its commit and can only go forward, before the cluster is taken back; ${stepOf(pivot)}${paused(pivot)}${notice}`,
    POLL_MS,
  );
}

function paused({ metadata }: KubeObject): string {
  return metadata.annotations?.[PAUSED_ANNOTATION] === 'true'
    ? `. It is paused: remove its annotation ${PAUSED_ANNOTATION}`
    : '';
}
