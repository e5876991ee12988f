import type { KubeObject } from '../../../lib/core/object.ts';
import { done, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { allSettled } from '../../../lib/settled.ts';
import { levelsOf } from '../../core/pivot/order.ts';
import { annotationsFor } from '../../core/pivot/retirement.ts';
import { moving, pausingKinds, someOf } from '../../core/pivot/standstill.ts';
import { secondsSince, withLeft } from '../../core/teardown/journal.ts';
import { removeForGood } from '../../pivot/remove-for-good.ts';
import { POLL_MS, type Pass } from '../pass.ts';
import { isCluster } from './delete-cluster.ts';

/** Managers that do not run confirm no pause; those that run do so within seconds. */
const PAUSE_S = 120;

/**
 * removeForgotten removes the old objects of a cluster that manages itself, as those of a cluster that was handed over:
 * without their controllers, so that nothing in the cloud is touched. The Cluster, which keeps them paused, comes last.
 */
export async function removeForgotten(
  pass: Pass,
  objects: readonly KubeObject[],
): Promise<Outcome> {
  if (objects.length === 0) return done;
  const running = moving(objects, pausingKinds(objects));
  if (running.length > 0 && secondsSince(pass.journal.current.startTime, pass.now()) < PAUSE_S) {
    const what = `Waiting for Cluster API to confirm the pause of ${someOf(running)}, for ${PAUSE_S} s at most`;
    return wait('LettingGo', what, POLL_MS);
  }
  tell(pass, objects);
  const [rest, root] = [objects.filter((one) => !isCluster(one)), objects.filter(isCluster)];
  const levels = rest.length > 0 ? levelsOf(rest).toReversed() : [root];
  for (const level of levels) {
    // oxlint-disable-next-line no-await-in-loop -- dependents are deleted before their owners
    await allSettled(
      level.map((object) => removeForGood(pass.deps.management, object, annotationsFor(object))),
    );
  }
  return wait('LettingGo', 'Waiting for the old objects of the cluster to be deleted', POLL_MS);
}

/** What this side knew is written down, because nothing here names it afterwards. */
function tell({ journal }: Pass, objects: readonly KubeObject[]): void {
  const machines = objects.filter(({ kind }) => kind.endsWith('Machine'));
  const sentence = `The cluster manages itself; of its machines this side knew ${someOf(machines)}`;
  if (machines.length > 0) journal.note((one) => withLeft(one, sentence));
}
