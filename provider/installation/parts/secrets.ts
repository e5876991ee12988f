import { doneWith, wait } from '../../../lib/reconcile/outcome.ts';
import type { Part, PartOutcome, Scope } from '../part.ts';

/**
 * secrets reports which Secrets of the plan do not allow the cluster to use them. The part Identity lets the
 * agent read the others.
 */
export const secrets: Part = {
  name: 'Secrets',
  needs: [],
  run({ secrets: { refusals } }: Scope): Promise<PartOutcome> {
    return Promise.resolve(
      refusals.length === 0 ? doneWith({}) : wait('SecretNotAllowed', refusals.join('; ')),
    );
  },
};
