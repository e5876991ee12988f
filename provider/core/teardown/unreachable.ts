import { HEARTBEAT_SECONDS, HEARTBEATS_MISSED } from '../../../lib/apis/agent.ts';

/**
 * UNREACHABLE_MS is the time without an answer after which the escrow is used instead of the cluster: 10
 * minutes.
 */
export const UNREACHABLE_MS = 600_000;

/** LONGEST_GAP_MS is the most that one reconcile can add: the provider may have been suspended in between. */
const LONGEST_GAP_MS = 60_000;

/** Look is one attempt to reach the cluster. */
export interface Look {
  /** Milliseconds counted so far. */
  readonly unreachableMs: number;
  /** Milliseconds since the last attempt of this process, monotonic; undefined for the first one. */
  readonly sinceLastMs: number | undefined;
  readonly reached: boolean;
}

/**
 * unreachableFor counts only time in which this process tried to reach the cluster: neither a clock jump
 * nor an hour without a running provider may make a cluster look dead.
 */
export function unreachableFor({ unreachableMs, sinceLastMs, reached }: Look): number {
  if (reached) return 0;
  return unreachableMs + Math.min(LONGEST_GAP_MS, Math.max(0, sinceLastMs ?? 0));
}

/** After this time without a Lease renewal the agent no longer counts as alive. */
const SILENT_MS = HEARTBEATS_MISSED * HEARTBEAT_SECONDS * 1000;

/** Signs is the record of a teardown about whether a cluster is alive. */
export interface Signs {
  /**
   * Consecutive milliseconds in which the provider ran and neither the API server answered nor the agent
   * renewed its Lease.
   */
  readonly unreachableMs: number;
  /** `renewTime` of the Lease of the agent when it was last read. */
  readonly beat?: string;
  /** The agent renewed its Lease although the API server does not answer. */
  readonly heard?: boolean;
}

/**
 * signsAfter adds the result of one check. A cluster that cannot be reached from here may still be alive:
 * its agent connects to the management side and renews its Lease. Only a change of the Lease counts, never
 * the time in it.
 */
export function signsAfter(
  before: Signs,
  look: Omit<Look, 'unreachableMs'> & { readonly beat: string | undefined },
): Signs {
  const beats = look.beat !== undefined && before.beat !== undefined && look.beat !== before.beat;
  const reached = look.reached || beats;
  const unreachableMs = unreachableFor({ ...look, unreachableMs: before.unreachableMs, reached });
  const heard = beats || (before.heard === true && unreachableMs < SILENT_MS);
  const beat = look.beat ?? before.beat;
  return {
    unreachableMs,
    ...(beat === undefined ? {} : { beat }),
    heard: heard && !look.reached,
  };
}
