import type { RefusalReason } from '../../lib/apis/reasons/managed-cluster.ts';

/** Problem is one thing that keeps a claim from being accepted, told to its author. */
export interface Problem {
  readonly reason: RefusalReason;
  readonly message: string;
  /** True when something that nobody watches for us would mend it: look again soon. */
  readonly awaited: boolean;
}

/** invalid is a mistake in the claim itself: only a change of the claim mends it. */
export function invalid(message: string): Problem {
  return { reason: 'InvalidSpec', message, awaited: false };
}
