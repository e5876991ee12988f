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

/**
 * Attempt is what one attempt decides before it changes anything. It never changes afterwards, except `at`.
 */
export interface Attempt {
  /** Epoch that the fence writes; activation and abort write the next one. */
  readonly epoch: number;
  /** Uid of the Pivot; absent if an older version opened the attempt. */
  readonly pivot?: string;
  /** The owner of the cluster before the attempt. */
  readonly owner: Owner;
  /** `spec.paused` of the Cluster before the attempt; absent if it was not set. */
  readonly paused?: boolean;
  /** When the fence was written, or is about to be written (RFC 3339). */
  readonly at: string;
  /** Hash of the graph that was reported. */
  readonly hash: string;
  /** Kinds to search, in the storage versions of the source. */
  readonly types: readonly MoveType[];
  /** The controller of the objects that does not move: the composite. */
  readonly controller?: OwnerReference;
}

/** Aborted says that the attempt with that epoch can no longer be committed, and how far it is reverted. */
export interface Aborted {
  readonly epoch: number;
  readonly reason: AbortReason;
  readonly message: string;
  /** When (RFC 3339). */
  readonly at: string;
  /** The source is active again. */
  readonly sourceBack: boolean;
  /** All copies on the target are removed. */
  readonly targetClean: boolean;
}

/** Journal is the state that steps keep across restarts: only what cannot be read from either API server. */
export interface Journal {
  /** The number of attempts so far. */
  readonly attempts: number;
  readonly attempt?: Attempt;
  readonly aborted?: Aborted;
  /** When the target was activated (RFC 3339). */
  readonly activatedAt?: string;
  /** When the target had reconciled all objects (RFC 3339). */
  readonly settledAt?: string;
  /** When Crossplane had released the objects (RFC 3339). */
  readonly acknowledgedAt?: string;
}

/** journalOf reads the journal from the status of a Pivot; missing fields are empty. */
export function journalOf(status: PivotStatus | undefined): Journal {
  const written = status?.journal;
  return isJournal(written) ? written : { attempts: 0 };
}

/** journalJson returns the journal as it is stored in the status. */
export function journalJson(journal: Journal): JsonObject {
  const json: unknown = JSON.parse(JSON.stringify(journal));
  return isRecord<Json>(json) ? json : {};
}

/** openAttempt returns the attempt in progress; an aborted one does not count. */
export function openAttempt({ attempt, aborted }: Journal): Attempt | undefined {
  return attempt !== undefined && aborted?.epoch !== attempt.epoch ? attempt : undefined;
}

/** unfinishedAbort returns the abort that is not yet fully reverted. */
export function unfinishedAbort({ aborted }: Journal): Aborted | undefined {
  return aborted !== undefined && !(aborted.sourceBack && aborted.targetClean)
    ? aborted
    : undefined;
}

/**
 * isUnmanaged reports whether the cluster may have no active controller: from before the fence until the
 * target is activated or the source is given back.
 */
export function isUnmanaged(journal: Journal): boolean {
  if (unfinishedAbort(journal)?.sourceBack === false) return true;
  return openAttempt(journal) !== undefined && journal.activatedAt === undefined;
}

/** Maximum duration of a fence before the commit, in milliseconds. */
export const LONGEST_FENCE_MS = 10 * 60_000;

/**
 * overdue reports whether a fence has lasted too long. The clock may have jumped since the fence was
 * written: if it was set back, only the time that this process has measured itself counts.
 */
export function overdue(fencedAt: string, now: Date, watchedMs: number): boolean {
  const elapsed = now.getTime() - Date.parse(fencedAt);
  return watchedMs >= LONGEST_FENCE_MS || elapsed >= LONGEST_FENCE_MS;
}

const RETRY: BackOff = { firstMs: 15_000, longestMs: 3_600_000 };

/**
 * retryAfterMs returns the time from `now` until the next attempt after an attempt that gave up: 15 s,
 * doubled each time, at most one hour.
 */
export function retryAfterMs({ attempts }: Journal, aborted: Aborted, now: Date): number {
  const pause = backOff(RETRY, attempts);
  const elapsed = now.getTime() - Date.parse(aborted.at);
  // A clock that was set back must not extend the wait.
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
