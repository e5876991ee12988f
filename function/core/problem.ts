import type { RefusalReason } from '../../lib/apis/reasons/managed-cluster.ts';

/** Problem is a reason to refuse a claim, reported to its author. */
export interface Problem {
  readonly reason: RefusalReason;
  readonly message: string;
  /** True if a change to an unwatched object can fix it: requeue soon. */
  readonly awaited: boolean;
}

/** invalid returns a problem of the claim itself: only a change of the claim can fix it. */
export function invalid(message: string): Problem {
  return { reason: 'InvalidSpec', message, awaited: false };
}
