/** SHORTEST_MS is the minimum time between two reads of a cluster for its escrow. */
export const SHORTEST_MS = 60_000;

/** LONGEST_MS is the time after which a cluster is read again even if its agent reports no change. */
export const LONGEST_MS = 3_600_000;

/** EscrowFacts is the input of {@link escrowDue}. */
export interface EscrowFacts {
  /** The cluster was handed over and is not about to be taken back. */
  readonly selfManaged: boolean;
  /** Milliseconds since the escrow was last confirmed; undefined if there is none. */
  readonly ageMs: number | undefined;
  /** The agent has reported a change since then. */
  readonly reportChanged: boolean;
}

/**
 * EscrowDue says to read the cluster now, or when to check again. If both are absent, the next event
 * decides.
 */
export interface EscrowDue {
  readonly now: boolean;
  readonly againAfterMs?: number;
}

/**
 * escrowDue decides when to read a cluster. A negative age means that the clock was set back: the age is
 * then unknown, and the escrow is written again.
 */
export function escrowDue({ selfManaged, ageMs, reportChanged }: EscrowFacts): EscrowDue {
  if (!selfManaged) return { now: false };
  if (ageMs === undefined || ageMs < 0) return { now: true };
  const wanted = reportChanged ? SHORTEST_MS : LONGEST_MS;
  return ageMs >= wanted ? { now: true } : { now: false, againAfterMs: wanted - ageMs };
}
