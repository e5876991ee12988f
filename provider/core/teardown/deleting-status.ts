import type { OutcomeReason } from '../../../lib/apis/reasons.ts';
import type { Condition } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { cutText } from '../../../lib/core/reported.ts';
import { setCondition } from '../../../lib/core/set-condition.ts';

/** Progress is what a user sees of a teardown. */
export interface Progress {
  readonly reason: OutcomeReason;
  readonly message: string;
}

/** Maximum length of a message in the status, in characters (our schema of conditions). */
const LONGEST = 1024;

/**
 * deletingStatus returns the status of a composite or claim during its teardown. The function is no longer
 * called and core writes only its own conditions, so all other conditions are kept.
 */
export function deletingStatus(
  object: KubeObject,
  { reason, message }: Progress,
  now: string,
): Readonly<Record<string, unknown>> {
  const status = recordIn(object, 'status') ?? {};
  const conditions = Array.isArray(status['conditions'])
    ? (status['conditions'] as readonly Condition[])
    : [];
  const next = {
    type: 'Operational',
    status: 'False',
    reason,
    message: cutText(message, LONGEST),
  } as const;
  return { ...status, phase: 'Deleting', conditions: setCondition(conditions, next, now) };
}
