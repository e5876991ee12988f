/** SHORTEST_MS is the least time between two readings of a cluster for its escrow. */
export const SHORTEST_MS = 60_000;

/** LONGEST_MS is after what time a cluster is read again although its agent reports no change. */
export const LONGEST_MS = 3_600_000;

/** EscrowFacts are what decides whether a cluster is read for its escrow. */
export interface EscrowFacts {
  /** The cluster was handed over, and nobody is about to take it back. */
  readonly selfManaged: boolean;
  /** Milliseconds since the escrow was last confirmed; undefined when there is none. */
  readonly ageMs: number | undefined;
  /** The agent has reported something new since then. */
  readonly reportChanged: boolean;
}

/** EscrowDue says whether to read the cluster now, or when to look again; neither: when an event comes. */
export interface EscrowDue {
  readonly now: boolean;
  /** Milliseconds. */
  readonly againAfterMs?: number;
}

/**
 * escrowDue decides. An age below zero means that the clock went back: then nothing is known of the
 * time, and the escrow is taken anew.
 */
export function escrowDue({ selfManaged, ageMs, reportChanged }: EscrowFacts): EscrowDue {
  if (!selfManaged) return { now: false };
  if (ageMs === undefined || ageMs < 0) return { now: true };
  const wanted = reportChanged ? SHORTEST_MS : LONGEST_MS;
  return ageMs >= wanted ? { now: true } : { now: false, againAfterMs: wanted - ageMs };
}
