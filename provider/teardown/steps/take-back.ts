import { isTrue, recordIn } from '../../../lib/core/conditions.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { during } from '../../../lib/errors.ts';
import { done, stalled, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { isAbandoned } from '../../core/pivot/abandoned.ts';
import { backName, stepOf } from '../../core/teardown/pivot-state.ts';
import { backPivot, strandedMessage, takeBackOf } from '../../core/teardown/take-back.ts';
import { HOME_ANNOTATION, type Subject } from '../../core/teardown/subject.ts';
import { changeMetadata, refOf } from '../held-object.ts';
import { reach, type Reached } from '../reach.ts';
import { POLL_MS, type Pass, type Step } from '../step.ts';
import { trustEscrow } from '../trust-escrow.ts';

/** A cluster that manages itself can't delete itself: its last machine would be left. So it comes back first. */
export const takeBack: Step = {
  name: 'Take the cluster back',
  async run(pass): Promise<Outcome> {
    const { back, forward } = await pass.way();
    if (pass.subject.home) return done;
    // A way back that has not gone through its commit finds nothing any more where the cluster was.
    if (forward === 'TakenBack' && !isTrue(back, 'Committed')) return noteHome(pass);
    if (back === undefined && forward !== 'HandedOver') return done;
    const seen = isFromEscrow(back) ? undefined : await reach(pass);
    return proceed(pass, back, seen);
  },
};

async function noteHome({ deps, subject }: Pass): Promise<Outcome> {
  const annotations = { [HOME_ANNOTATION]: 'true' };
  await changeMetadata(deps.management, subject.composite, { annotations });
  return wait('TakingClusterBack', 'The cluster is back already: it is removed next', 0);
}

function proceed(
  pass: Pass,
  back: KubeObject | undefined,
  seen: Reached | undefined,
): Promise<Outcome> | Outcome {
  const { subject, book } = pass;
  const { terminating, forced } = subject;
  const { unreachableMs } = book.journal;
  const next = takeBackOf({ back, terminating, forced, unreachableMs });
  switch (next.kind) {
    case 'Done':
      return done;
    case 'Stranded':
      return stalled('NamespaceTerminating', strandedMessage(subject));
    case 'UseEscrow':
      return switchToEscrow(pass, next.back, seen?.failure);
    case 'Create':
      return create(pass);
    case 'Wait':
      return waiting(subject, `${stepOf(next.back)}${seen?.notice ?? ''}`);
  }
}

function waiting({ cluster }: Subject, state: string): Outcome {
  return wait(
    'TakingClusterBack',
    `Waiting for Pivot ${backName(cluster.name)} to take the cluster back, so that its machines can be removed from here; ${state}`,
    POLL_MS,
  );
}

function isFromEscrow(back: KubeObject | undefined): boolean {
  return recordIn(back, 'spec')?.['source'] === 'Escrow';
}

/** Where the way there was given up, nothing runs that could hand anything over. */
async function create(pass: Pass): Promise<Outcome> {
  const { deps, subject } = pass;
  const abandoned = isAbandoned((await pass.way()).pivot);
  const pivot = backPivot(subject, abandoned ? 'Escrow' : 'Cluster');
  await during(`make Pivot ${pivot.metadata.name}`, deps.management.create(pivot));
  return waiting(subject, 'it begins');
}

async function switchToEscrow(
  pass: Pass,
  back: KubeObject,
  failure: string | undefined,
): Promise<Outcome> {
  const escrow = await trustEscrow(pass, failure);
  if ('kind' in escrow) return escrow;
  await during(
    `switch Pivot ${back.metadata.name} to the escrow`,
    pass.deps.management.patch(refOf(back), { spec: { source: 'Escrow' } }),
  );
  return wait(
    'TakingClusterBack',
    `Waiting for Pivot ${back.metadata.name} to restore the last known state of the cluster, of ${escrow.time}`,
    POLL_MS,
  );
}
