import { doneWith, type Outcome } from '../../../lib/reconcile/outcome.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { allSettled } from '../../../lib/settled.ts';
import { copyStatus } from '../copied-status.ts';
import { bothSides, type BothSides } from '../sides.ts';
import type { PivotStep, Scope } from '../scope.ts';
import type { Copied } from './copy.ts';

/** Restored is the copy with its status, as the target answered. */
export interface Restored extends Omit<Copied, 'statuses'> {
  /** The Cluster on the target. */
  readonly root: KubeObject;
  /** Both sides, read when all had its status but the Cluster. */
  readonly sides: Promise<BothSides>;
}

/**
 * restoreStatus gives every copy the status of its source. The Cluster comes last: as soon as its status
 * says so, Cluster API dials the workload cluster, and tries again after 30 s only when something that it
 * needs is not there yet (facts/e2e.md 7).
 */
export const restoreStatus: PivotStep<Copied, Restored> = { name: 'RestoreStatus', run };

async function run(scope: Scope, { statuses, ...copied }: Copied): Promise<Outcome<Restored>> {
  const { graph } = copied;
  await allSettled(statuses);
  // Verify looks at all others meanwhile.
  const sides = scope.background.begin(bothSides(scope, graph));
  const root = await copyStatus(scope, graph.cluster, copied.root);
  return doneWith({ ...copied, root, sides });
}
