import type { Owner } from '../../../lib/apis/ownership.ts';
import type { AbortReason } from '../../../lib/apis/reasons/pivot.ts';
import type { PivotStatus } from '../../../lib/apis/pivot.generated.ts';
import { type BackOff, backOff } from '../../../lib/core/back-off.ts';
import {
  type Json,
  type JsonObject,
  type OwnerReference,
  isRecord,
} from '../../../lib/core/object.ts';
import type { MoveType } from './move-types.ts';

/** Attempt is what one attempt has decided before it touches anything; it never changes afterwards, but for `at`. */
export interface Attempt {
  /** Epoch that the fence writes; activation and abort write the next one. */
  readonly epoch: number;
  /** Uid of the Pivot; absent when an older version opened the attempt. */
  readonly pivot?: string;
  /** Who had the cluster before. */
  readonly owner: Owner;
  /** `spec.paused` of the Cluster before; absent when it did not say. */
  readonly paused?: boolean;
  /** When the fence was written, or is about to be (RFC 3339). */
  readonly at: string;
  /** Name of the graph that was reported. */
  readonly hash: string;
  /** Kinds that are searched, in the versions that the source stores. */
  readonly types: readonly MoveType[];
  /** Controller of the objects that does not move: the composite. */
  readonly controller?: OwnerReference;
}

/** Aborted says that the attempt of that epoch can't be committed any more, and how far it is taken back. */
export interface Aborted {
  readonly epoch: number;
  readonly reason: AbortReason;
  readonly message: string;
  /** When (RFC 3339). */
  readonly at: string;
  /** The source runs again. */
  readonly sourceBack: boolean;
  /** No copy is left on the target. */
  readonly targetClean: boolean;
}

/** Journal is what the steps keep across restarts: only what neither API server could tell. */
export interface Journal {
  /** How many attempts there have been. */
  readonly attempts: number;
  readonly attempt?: Attempt;
  readonly aborted?: Aborted;
  /** When the target was activated (RFC 3339). */
  readonly activatedAt?: string;
  /** When the target had reconciled everything (RFC 3339). */
  readonly settledAt?: string;
  /** When Crossplane had let go (RFC 3339). */
  readonly acknowledgedAt?: string;
}

/** journalOf reads the journal in the status of a Pivot; what was never written is empty. */
export function journalOf(status: PivotStatus | undefined): Journal {
  const written = status?.journal;
  return isJournal(written) ? written : { attempts: 0 };
}

/** journalJson is the journal as it stands in the status. */
export function journalJson(journal: Journal): JsonObject {
  const json: unknown = JSON.parse(JSON.stringify(journal));
  return isRecord<Json>(json) ? json : {};
}

/** openAttempt is the attempt that is under way; an aborted one is not. */
export function openAttempt({ attempt, aborted }: Journal): Attempt | undefined {
  return attempt !== undefined && aborted?.epoch !== attempt.epoch ? attempt : undefined;
}

/** unfinishedAbort is the abort whose work is not all done. */
export function unfinishedAbort({ aborted }: Journal): Aborted | undefined {
  return aborted !== undefined && !(aborted.sourceBack && aborted.targetClean)
    ? aborted
    : undefined;
}

/** isUnmanaged tells whether nobody may be in charge: from the fence, or what leads to it, until the target is activated, or the source is given back. */
export function isUnmanaged(journal: Journal): boolean {
  if (unfinishedAbort(journal)?.sourceBack === false) return true;
  return openAttempt(journal) !== undefined && journal.activatedAt === undefined;
}

/** How long a fence may stand before the commit, in milliseconds. */
export const LONGEST_FENCE_MS = 10 * 60_000;

/**
 * overdue tells whether a fence has stood too long. The clock may have jumped since it was written: one
 * that went back counts for nothing, and what this process has seen for itself counts alone then.
 */
export function overdue(fencedAt: string, now: Date, watchedMs: number): boolean {
  const elapsed = now.getTime() - Date.parse(fencedAt);
  return watchedMs >= LONGEST_FENCE_MS || elapsed >= LONGEST_FENCE_MS;
}

const RETRY: BackOff = { firstMs: 15_000, longestMs: 3_600_000 };

/**
 * retryAfterMs is how long to wait from `now` on before the next attempt after one that gave up by itself:
 * a quarter of a minute, doubled each time, an hour at most.
 */
export function retryAfterMs({ attempts }: Journal, aborted: Aborted, now: Date): number {
  const pause = backOff(RETRY, attempts);
  const elapsed = now.getTime() - Date.parse(aborted.at);
  // A clock that went back must not make the wait any longer than it was meant to be.
  return elapsed < 0 ? pause : Math.max(0, pause - elapsed);
}

function isJournal(value: unknown): value is Journal {
  return (
    isRecord(value) &&
    typeof value['attempts'] === 'number' &&
    (value['attempt'] === undefined || isAttempt(value['attempt']))
  );
}

function isAttempt(value: unknown): boolean {
  return (
    isRecord(value) &&
    typeof value['epoch'] === 'number' &&
    typeof value['owner'] === 'string' &&
    Array.isArray(value['types'])
  );
}
