import { HEARTBEAT_SECONDS, HEARTBEATS_MISSED } from '../../../lib/apis/agent.ts';

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

/** An agent whose Lease does not change for so long is not said to be alive any more. */
const SILENT_MS = HEARTBEATS_MISSED * HEARTBEAT_SECONDS * 1000;

/** Signs are what a teardown remembers of the life of a cluster. */
export interface Signs {
  /** Milliseconds in which the provider ran and neither API nor agent gave a sign of life, without a break. */
  readonly unreachableMs: number;
  /** `renewTime` of the agent's Lease when it was last looked at. */
  readonly beat?: string;
  /** The agent was heard although the API does not answer. */
  readonly heard?: boolean;
}

/**
 * signsAfter takes one look into account. A cluster that can't be reached from here may be perfectly alive:
 * its agent, which comes to us, says so by renewing its Lease. Only a change counts, never a time of its clock.
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
