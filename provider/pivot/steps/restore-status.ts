import { doneWith, type Outcome } from '../../../lib/reconcile/outcome.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { allSettled } from '../../../lib/settled.ts';
import { copyStatus } from '../copied-status.ts';
import { bothSides, type BothSides } from '../sides.ts';
import type { PivotStep, Scope } from '../scope.ts';
import type { Copied } from './copy.ts';

/** Restored is the result of the step: all copies have their status. */
export interface Restored extends Omit<Copied, 'statuses'> {
  /** The Cluster on the target. */
  readonly root: KubeObject;
  /** Both sides, read after every copy except the Cluster had its status. */
  readonly sides: Promise<Outcome<BothSides>>;
}

/**
 * restoreStatus gives every copy the status of its source. The Cluster comes last: as soon as its status
 * allows, Cluster API connects to the workload cluster, and retries only after 30 s if something it needs
 * does not exist yet (facts/e2e.md 7).
 */
export const restoreStatus: PivotStep<Copied, Restored> = { name: 'RestoreStatus', run };

async function run(scope: Scope, { statuses, ...copied }: Copied): Promise<Outcome<Restored>> {
  const { graph } = copied;
  await allSettled(statuses);
  // Verify checks all other copies in the meantime.
  const sides = scope.background.begin(bothSides(scope, graph));
  const root = await copyStatus(scope, graph.cluster, copied.root);
  return doneWith({ ...copied, root, sides });
}
