import { isTrue } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { wrapError } from '../../../lib/errors.ts';
import { refOf } from '../../../lib/kube/addresses.ts';
import {
  done,
  doneWith,
  stalled,
  wait,
  type Outcome,
  type Wait,
} from '../../../lib/reconcile/outcome.ts';
import type { Step } from '../../../lib/reconcile/steps.ts';
import { isAbandoned } from '../../core/pivot/abandoned.ts';
import { backName, stepOf } from '../../core/teardown/pivot-state.ts';
import { backPivot, strandedMessage, takeBackOf } from '../../core/teardown/take-back.ts';
import { HOME_ANNOTATION, type Subject } from '../../core/teardown/subject.ts';
import type { HandoverState } from '../handover-state.ts';
import { changeMetadata } from '../held-object.ts';
import { reach, type Reached } from '../reach.ts';
import { POLL_MS, type Pass } from '../pass.ts';
import { trustEscrow } from '../trust-escrow.ts';

/**
 * A self-managed cluster cannot delete itself, because its last machine would be left. So it is taken back
 * first.
 */
export const takeBack: Step<Pass, HandoverState, HandoverState> = {
  name: 'Take the cluster back',
  async run(pass, state) {
    const outcome = await takenBack(pass, state);
    return outcome.kind === 'Done' ? doneWith(state) : outcome;
  },
};

async function takenBack(pass: Pass, state: HandoverState): Promise<Outcome> {
  const { back, forward } = state;
  if (pass.subject.home) return done;
  // A take-back before its commit finds no source any more.
  if (forward === 'TakenBack' && !isTrue(back, 'Committed')) return noteHome(pass);
  if (back === undefined && forward !== 'HandedOver') return done;
  const seen = isFromEscrow(back) ? undefined : await reach(pass);
  return proceed(pass, state, seen);
}

async function noteHome({ deps, subject }: Pass): Promise<Wait> {
  const annotations = { [HOME_ANNOTATION]: 'true' };
  await changeMetadata(deps.management, subject.composite, { annotations });
  return wait('TakingClusterBack', 'The cluster was already taken back: it is removed next', 0);
}

function proceed(
  pass: Pass,
  { back, pivot }: HandoverState,
  seen: Reached | undefined,
): Promise<Outcome> | Outcome {
  const { subject, journal } = pass;
  const { terminating, forced } = subject;
  const { unreachableMs } = journal.current;
  const next = takeBackOf({ back, terminating, forced, unreachableMs });
  switch (next.kind) {
    case 'Done':
      return done;
    case 'Stranded':
      return stalled('NamespaceTerminating', strandedMessage(subject));
    case 'UseEscrow':
      return switchToEscrow(pass, next.back, seen?.failure);
    case 'Create':
      return create(pass, pivot);
    case 'Wait':
      return waiting(subject, `${stepOf(next.back)}${seen?.notice ?? ''}`);
  }
}

function waiting({ cluster }: Subject, state: string): Wait {
  return wait(
    'TakingClusterBack',
    `Waiting for Pivot ${backName(cluster.name)} to take the cluster back, so that its machines can be removed; ${state}`,
    POLL_MS,
  );
}

function isFromEscrow(back: KubeObject | undefined): boolean {
  return recordIn(back, 'spec')?.['source'] === 'Escrow';
}

/** If the handover was given up, the cluster cannot hand anything over. */
async function create({ deps, subject }: Pass, forward: KubeObject | undefined): Promise<Wait> {
  const back = backPivot(subject, isAbandoned(forward) ? 'Escrow' : 'Cluster');
  await wrapError(`create Pivot ${back.metadata.name}`, deps.management.create(back));
  return waiting(subject, 'it is starting');
}

async function switchToEscrow(
  pass: Pass,
  back: KubeObject,
  failure: string | undefined,
): Promise<Outcome> {
  const trusted = await trustEscrow(pass, failure);
  if (trusted.kind !== 'Done') return trusted;
  await wrapError(
    `switch Pivot ${back.metadata.name} to the escrow`,
    pass.deps.management.patch(refOf(back), { spec: { source: 'Escrow' } }),
  );
  return wait(
    'TakingClusterBack',
    `Waiting for Pivot ${back.metadata.name} to restore the last known state of the cluster, recorded at ${trusted.value.time}`,
    POLL_MS,
  );
}
