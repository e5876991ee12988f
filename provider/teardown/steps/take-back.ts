import { recordIn } from '../../../lib/core/conditions.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { during, messageOf } from '../../../lib/errors.ts';
import { isUnreachable } from '../../../lib/kube/errors.ts';
import { done, stalled, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { withUnproved } from '../../core/teardown/journal.ts';
import { backName, stepOf } from '../../core/teardown/pivot-state.ts';
import { escrowed } from '../../core/teardown/belonging.ts';
import {
  backPivot,
  reachMessage,
  strandedMessage,
  takeBackOf,
} from '../../core/teardown/take-back.ts';
import { unreachableFor } from '../../core/teardown/unreachable.ts';
import { readEscrow, type Escrow } from '../../escrow/escrow.ts';
import { refOf } from '../held-object.ts';
import { POLL_MS, type Pass, type Step } from '../step.ts';
import { answers } from '../workload.ts';

/** A cluster that manages itself can't delete itself: its last machine would be left. So it comes back first. */
export const takeBack: Step = {
  name: 'Take the cluster back',
  async run(pass): Promise<Outcome> {
    const { subject, book } = pass;
    const { cluster, terminating, forced } = subject;
    const name = backName(cluster.name);
    const { back, forward } = await pass.way();
    if (back === undefined && forward !== 'HandedOver') return done;
    const failure = await reach(pass, back);
    const { unreachableMs } = book.journal;
    const next = takeBackOf({ back, terminating, forced, unreachableMs });
    switch (next.kind) {
      case 'Done':
        return done;
      case 'Stranded':
        return stalled('NamespaceTerminating', strandedMessage(subject));
      case 'UseEscrow':
        return switchToEscrow(pass, next.back, failure);
      case 'Create':
        await create(pass);
        return waiting(name, 'it begins');
      case 'Wait': {
        const state = stepOf(next.back);
        if (failure === undefined) return waiting(name, state);
        return waiting(name, `${state}. ${reachMessage(unreachableMs, failure)}`);
      }
    }
  },
};

function waiting(name: string, state: string): Outcome {
  return wait(
    'TakingClusterBack',
    `Waiting for Pivot ${name} to take the cluster back, so that its machines can be removed from here; ${state}`,
    POLL_MS,
  );
}

/** Looks whether the cluster answers, and counts how long it has not. */
async function reach(
  { deps, subject, book, lookedAt }: Pass,
  back: KubeObject | undefined,
): Promise<string | undefined> {
  if (isFromEscrow(back)) return undefined;
  const { namespace, name } = subject.cluster;
  const failure = await answers(deps.workload({ namespace, ...subject.kubeconfig })).then(
    () => undefined,
    // Only silence tells of a dead cluster. A refusal does not: its controllers may well run on, and
    // the Pivot of the way back says what is wrong with the credentials.
    (error: unknown) => (isUnreachable(error) ? messageOf(error) : undefined),
  );
  const key = `${namespace}/${name}`;
  const now = performance.now();
  const last = lookedAt.get(key);
  lookedAt.set(key, now);
  book.note((journal) => ({
    ...journal,
    unreachableMs: unreachableFor({
      unreachableMs: journal.unreachableMs,
      sinceLastMs: last === undefined ? undefined : now - last,
      reached: failure === undefined,
    }),
  }));
  return failure;
}

function isFromEscrow(back: KubeObject | undefined): boolean {
  return recordIn(back, 'spec')?.['source'] === 'Escrow';
}

async function create({ deps, subject }: Pass): Promise<void> {
  const pivot = backPivot(subject);
  await during(`make Pivot ${pivot.metadata.name}`, deps.management.create(pivot));
}

async function switchToEscrow(
  pass: Pass,
  back: KubeObject,
  failure: string | undefined,
): Promise<Outcome> {
  const { deps, subject, book } = pass;
  const { namespace, name } = subject.cluster;
  const escrow = await readEscrow(deps, escrowed(subject)).catch((error: unknown) =>
    messageOf(error),
  );
  if (escrow === undefined || typeof escrow === 'string') {
    const why = escrow ?? 'there is none';
    return stalled(
      'EscrowMissing',
      `Cluster ${name} does not answer (${failure ?? 'but is said to be dead'}) and its last known state can't be used: ${why}. Bring its API server back, or set spec.deletionPolicy to Orphan and remove its machines in your cloud`,
    );
  }
  await during(
    `switch Pivot ${back.metadata.name} to the escrow`,
    deps.management.patch(refOf(back), { spec: { source: 'Escrow' } }),
  );
  for (const sentence of doubts(escrow, failure)) {
    book.note((journal) => withUnproved(journal, sentence));
  }
  deps.events.event(
    subject.composite,
    'Warning',
    'UsingEscrow',
    `Cluster ${namespace}/${name} is taken back from its last known state, of ${escrow.time}`,
  );
  return wait(
    'TakingClusterBack',
    `Waiting for Pivot ${back.metadata.name} to restore the last known state of the cluster, of ${escrow.time}`,
    POLL_MS,
  );
}

function doubts({ time }: Escrow, failure: string | undefined): readonly string[] {
  return [
    `That no machine is left which the cluster made after ${time}: its API was dead, so its last known state was used`,
    ...(failure === undefined
      ? [`That the cluster really is dead: it answered, but ${FORCED} was set`]
      : []),
  ];
}

const FORCED = 'annotation managedcluster.io/force-escrow';
