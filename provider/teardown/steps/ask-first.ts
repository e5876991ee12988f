import { CLUSTER } from '../../../capi/kinds.ts';
import { FORGOTTEN } from '../../../lib/apis/forgotten.ts';
import { wrapError } from '../../../lib/errors.ts';
import { doneWith, stalled, wait, type Open } from '../../../lib/reconcile/outcome.ts';
import type { Step } from '../../../lib/reconcile/steps.ts';
import { reclaimPatch } from '../../core/forgotten/forgotten.ts';
import type { Forward } from '../../core/teardown/pivot-state.ts';
import { FORCE_ESCROW_ANNOTATION, hasStarted } from '../../core/teardown/subject.ts';
import { UNREACHABLE_MS } from '../../core/teardown/unreachable.ts';
import { ask } from '../../forgotten/ask.ts';
import type { HandoverState } from '../handover-state.ts';
import { POLL_MS, type Pass } from '../pass.ts';
import { reach } from '../reach.ts';

/**
 * askFirst asks a cluster that was not handed over, as far as this side knows, whether it manages itself: then this side was
 * restored from a backup, and knows one machine of it. A cluster whose control plane never started has nothing to say; one
 * that is silent for long enough is dead.
 */
export const askFirst: Step<Pass, HandoverState, HandoverState> = {
  name: 'Ask the cluster whether it manages itself',
  async run(pass, state) {
    const { subject } = pass;
    if (state.forward === 'Forgotten') {
      return subject.orphan ? doneWith(state) : reclaim(pass);
    }
    const isKnown = state.back !== undefined || KNOWN.includes(state.forward);
    if (isKnown || subject.home || subject.forced || !hasStarted(subject)) return doneWith(state);
    const open = await asked(pass);
    return open ?? doneWith(state);
  },
};

/** States that prove where the cluster is. */
const KNOWN: readonly Forward[] = ['HandedOver', 'AfterCommit', 'TakenBack'];

async function asked(pass: Pass): Promise<Open | undefined> {
  const { deps, subject, journal } = pass;
  const answer = await ask(deps, subject.cluster);
  // The next pass finds the Cluster paused, and stops.
  if (answer.kind === 'Forgotten') return wait('RemovingMachines', 'The cluster has answered', 0);
  if (answer.kind !== 'Silent' || (await reach(pass)).dead) return undefined;
  const minutes = Math.ceil((UNREACHABLE_MS - journal.current.unreachableMs) / 60_000);
  return wait(
    'ClusterSilent',
    `The cluster gives no answer (${answer.failure}), so it is not known whether it manages itself. It counts as dead after ${minutes} min without any sign of its API server or its agent, or immediately with annotation ${FORCE_ESCROW_ANNOTATION}: "true" on this object`,
    POLL_MS,
  );
}

/** Stops a deletion of what this side knows from a backup, because its machines are not all of the cluster. */
async function reclaim({ deps, subject }: Pass): Promise<Open> {
  if (!subject.forced) {
    return stalled(
      'SelfManagedAlready',
      `${FORGOTTEN}. Only if you know that this is not so: annotation ${FORCE_ESCROW_ANNOTATION}: "true" on this object removes the machines that this side knows`,
    );
  }
  const ref = { ...CLUSTER, ...subject.cluster };
  const cluster = await wrapError(`read Cluster ${ref.name}`, deps.management.get(ref));
  if (cluster !== undefined) {
    const patch = reclaimPatch(cluster);
    await wrapError(`own Cluster ${ref.name}`, deps.management.patch(ref, patch));
  }
  return wait('RemovingMachines', 'The machines that this side knows are removed next', 0);
}
