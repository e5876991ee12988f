import { recordIn } from '../../../lib/core/conditions.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { during } from '../../../lib/errors.ts';
import { done, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { withLeft } from '../../core/teardown/journal.ts';
import { stepOf } from '../../core/teardown/pivot-state.ts';
import { PAUSED_ANNOTATION } from '../../core/teardown/subject.ts';
import { refOf } from '../held-object.ts';
import { POLL_MS, type Pass, type Step } from '../step.ts';

/** A pivot that is under way is called off before its commit, and left to end after it. */
export const settlePivot: Step = {
  name: 'Settle the pivot',
  async run(pass): Promise<Outcome> {
    const { forward, pivot, others } = await pass.way();
    for (const sentence of others.map(theirs)) pass.book.note((one) => withLeft(one, sentence));
    if (pivot === undefined) return done;
    if (forward === 'BeforeCommit') return callOff(pass, pivot);
    if (forward === 'AfterCommit') return finish(pivot);
    return done;
  },
};

function theirs({ kind, metadata: { namespace, name } }: KubeObject): string {
  return `${kind} ${namespace}/${name} stays: it was made for another object with a cluster of this name`;
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

function finish(pivot: KubeObject): Outcome {
  return wait(
    'FinishingPivot',
    `Waiting for Pivot ${pivot.metadata.name}, which is behind its commit and can only go forward, before the cluster is taken back; ${stepOf(pivot)}${paused(pivot)}`,
    POLL_MS,
  );
}

function paused({ metadata }: KubeObject): string {
  return metadata.annotations?.[PAUSED_ANNOTATION] === 'true'
    ? `. It is paused: remove its annotation ${PAUSED_ANNOTATION}`
    : '';
}
