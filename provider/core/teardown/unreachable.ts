/** UNREACHABLE_MS is after what time without an answer the escrow is used instead of the cluster: 10 minutes. */
export const UNREACHABLE_MS = 600_000;

/** LONGEST_GAP_MS is what one pass can add at most: the provider may have been asleep in between. */
const LONGEST_GAP_MS = 60_000;

/** Look is one attempt to reach the cluster. */
export interface Look {
  /** What was counted so far, in milliseconds. */
  readonly unreachableMs: number;
  /** Milliseconds since the last attempt of this process, monotonic; undefined for the first. */
  readonly sinceLastMs: number | undefined;
  readonly reached: boolean;
}

/**
 * unreachableFor counts only the time in which this program really tried: neither a clock that jumps
 * nor a provider that was down for an hour may make a cluster look dead.
 */
export function unreachableFor({ unreachableMs, sinceLastMs, reached }: Look): number {
  if (reached) return 0;
  return unreachableMs + Math.min(LONGEST_GAP_MS, Math.max(0, sinceLastMs ?? 0));
}
