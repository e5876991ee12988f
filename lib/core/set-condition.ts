import type { ConditionReason } from '../apis/reasons.ts';
import type { Condition } from './conditions.ts';
import { cutText, LONGEST_CONDITION } from './reported.ts';

/** NextCondition is the new content of a condition; lastTransitionTime is computed. */
export interface NextCondition<Reason extends ConditionReason = ConditionReason> {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: Reason;
  /** Message that says what is waited for and what to do. */
  readonly message: string;
  readonly observedGeneration?: number;
}

/**
 * setCondition sets a condition in a list: lastTransitionTime is kept while the status does not change (API
 * conventions, "Typical status properties"). The result is sorted by type, so that equal lists are equal
 * JSON. The message is one line of plain text: much of it comes from other components. `now` is RFC 3339.
 */
export function setCondition(
  all: readonly Condition[],
  next: NextCondition,
  now: string,
): readonly Condition[] {
  const last = all.find(({ type }) => type === next.type);
  const kept = last?.status === next.status ? last.lastTransitionTime : undefined;
  const others = all.filter(({ type }) => type !== next.type);
  const message = cutText(next.message, LONGEST_CONDITION);
  return [...others, { ...next, message, lastTransitionTime: kept ?? now }].toSorted((a, b) =>
    a.type < b.type ? -1 : 1,
  );
}
