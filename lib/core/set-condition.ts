import type { ConditionReason } from '../apis/reasons.ts';
import type { Condition } from './conditions.ts';

/** NextCondition is what a condition shall say now; the time of its last change is worked out. */
export interface NextCondition<Reason extends ConditionReason = ConditionReason> {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: Reason;
  /** A sentence that says what is waited for and what to do. */
  readonly message: string;
  readonly observedGeneration?: number;
}

/**
 * setCondition puts a condition into a list: lastTransitionTime stays while the status stays (API
 * conventions, "Typical status properties"). Sorted by type, so that equal lists are equal JSON.
 * `now` is RFC 3339.
 */
export function setCondition(
  all: readonly Condition[],
  next: NextCondition,
  now: string,
): readonly Condition[] {
  const last = all.find(({ type }) => type === next.type);
  const kept = last?.status === next.status ? last.lastTransitionTime : undefined;
  const others = all.filter(({ type }) => type !== next.type);
  return [...others, { ...next, lastTransitionTime: kept ?? now }].toSorted((a, b) =>
    a.type < b.type ? -1 : 1,
  );
}
