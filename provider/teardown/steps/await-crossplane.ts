import { done, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { isHeldByCrossplane } from '../../core/teardown/subject.ts';
import type { Pass, Step } from '../step.ts';

/**
 * Crossplane may be in the middle of composing when a composite is deleted. It takes its finalizer off
 * in a pass of its own, so nothing is composed behind our back once that is gone.
 */
export const awaitCrossplane: Step = {
  name: 'Wait for Crossplane to let go',
  run: ({ subject: { composite } }: Pass): Promise<Outcome> =>
    Promise.resolve(
      isHeldByCrossplane(composite)
        ? wait(
            'WaitingForCrossplane',
            `Waiting for Crossplane to let go of ${composite.kind} ${composite.metadata.name}: check that Crossplane runs`,
          )
        : done,
    ),
};
