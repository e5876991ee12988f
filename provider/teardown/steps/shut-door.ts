import { done, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { REMOVED_ANNOTATION } from '../../core/teardown/subject.ts';
import { changeMetadata } from '../held-object.ts';
import type { Pass, Step } from '../step.ts';

/** Notes on the composite that nothing has to be taken back or removed, before what proves it goes. */
export const shutDoor: Step = {
  name: 'Note that nothing is left',
  async run({ deps, subject }: Pass): Promise<Outcome> {
    if (!subject.removed && !subject.gone) {
      await changeMetadata(deps.management, subject.composite, {
        annotations: { [REMOVED_ANNOTATION]: 'true' },
      });
    }
    return done;
  },
};
