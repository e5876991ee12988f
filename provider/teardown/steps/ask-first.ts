import { CLUSTER } from '../../../capi/kinds.ts';
import { FORGOTTEN } from '../../../lib/apis/forgotten.ts';
import { isTrue } from '../../../lib/core/conditions.ts';
import { wrapError } from '../../../lib/errors.ts';
import { done, stalled, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { reclaimPatch } from '../../core/forgotten/forgotten.ts';
import { FORCE_ESCROW_ANNOTATION } from '../../core/teardown/subject.ts';
import { UNREACHABLE_MS } from '../../core/teardown/unreachable.ts';
import { ask } from '../../forgotten/ask.ts';
import { POLL_MS, type Pass } from '../pass.ts';
import { reach } from '../reach.ts';

/**
 * askFirst lets a cluster that was not handed over be removed only when it was asked whether it manages itself: if it does,
 * this side was restored from a backup, and knows one machine of it. A cluster whose control plane never started has
 * nothing to say; one that is silent for long enough is dead.
 */
export async function askFirst(pass: Pass): Promise<Outcome> {
  const { deps, subject, journal } = pass;
  if (subject.forced || !isTrue(subject.composite, 'ControlPlaneInitialized')) return done;
  const answer = await ask(deps, subject.cluster);
  // The next pass finds the Cluster paused, and stops.
  if (answer === 'Forgotten') return wait('RemovingMachines', 'The cluster has answered', 0);
  if (answer !== 'None') return done;
  const { failure, dead } = await reach(pass);
  if (failure === undefined || dead) return done;
  const minutes = Math.ceil((UNREACHABLE_MS - journal.current.unreachableMs) / 60_000);
  return wait(
    'ClusterSilent',
    `The cluster does not answer (${failure}), so it is not known whether it manages itself; the machines that this side knows are removed in ${minutes} min, or immediately with annotation ${FORCE_ESCROW_ANNOTATION}: "true" on this object`,
    POLL_MS,
  );
}

/** reclaim stops a deletion of what this side knows from a backup, because its machines are not all of the cluster. */
export async function reclaim({ deps, subject }: Pass): Promise<Outcome> {
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
