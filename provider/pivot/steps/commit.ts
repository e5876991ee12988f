import { done, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import type { Scope } from '../scope.ts';
import type { Step } from '../step.ts';

/**
 * commit is the one-way door: one compare-and-swap on the status of the Pivot. Whatever changed the Pivot
 * since it was read, such as a request to abort, makes it fail.
 */
export const commit: Step = { name: 'Commit', run };

async function run({ record, target }: Scope): Promise<Outcome> {
  if (record.spec.abort || record.deleted) return wait('Aborting', 'The pivot is called off', 0);
  await record.save({
    phase: 'Activate',
    steps: [
      { name: 'Commit', state: 'Ended' },
      { name: 'Activate', state: 'Begun' },
    ],
    conditions: [
      {
        type: 'Committed',
        status: 'True',
        reason: 'Committed',
        message: `The cluster belongs to the ${target.side} side from now on`,
      },
      {
        type: 'Released',
        status: 'True',
        reason: 'Released',
        message: 'The objects belong to Crossplane no more',
      },
    ],
  });
  return done;
}
