import { messageOf } from '../../lib/errors.ts';
import { hasStatus, isConflict } from '../../lib/kube/errors.ts';
import {
  done,
  giveUp,
  retryAfter,
  wait,
  type GiveUp,
  type Outcome,
} from '../../lib/reconcile/outcome.ts';
import type { Around } from '../../lib/reconcile/steps.ts';
import { keyOf, keyText } from '../../lib/reconcile/work-queue.ts';
import { isUnmanaged, openAttempt, overdue, unfinishedAbort } from '../core/pivot/journal.ts';
import type { AttemptClock } from './attempt-clock.ts';
import { SELF_MANAGED } from './copies.ts';
import { ABORT, ADOPTION, AFTER_COMMIT, PROTOCOL, UNDO } from './protocol.ts';
import type { Scope } from './scope.ts';

/** While no controller reconciles a cluster, a failure is retried quickly. */
const HURRY_MS = 1000;

/** Status codes of requests that would be rejected again (metav1 Invalid, BadRequest). */
const REFUSALS = [400, 422];

/** Time in which a rejection may be caused by a component that is starting, or may be fixed by a user. */
const REFUSED_MS = 120_000;

/** runPivot runs as many steps of a pivot as possible. Done means that the pivot is finished. */
export async function runPivot(scope: Scope, clock: AttemptClock): Promise<Outcome> {
  try {
    return await advance(scope, clock);
  } finally {
    await scope.background.settled();
  }
}

/** After the commit there is only one way; before it, an abort that has started takes precedence. */
async function advance(scope: Scope, clock: AttemptClock): Promise<Outcome> {
  const { record } = scope;
  if (record.committed) return attempt(scope, clock);
  if (unfinishedAbort(record.journal) !== undefined) return UNDO.run(scope);
  if (record.spec.abort || record.deleted) return callOff(scope);
  const outcome = inTime(scope, clock, await attempt(scope, clock));
  return outcome.kind === 'GiveUp' ? ABORT.run(scope, outcome) : outcome;
}

async function attempt(scope: Scope, clock: AttemptClock): Promise<Outcome> {
  const { record, metrics } = scope;
  const under = openAttempt(record.journal) !== undefined;
  if (under && !clock.knows(pivotOf(scope), attemptOf(scope))) metrics.resumed();
  return stepsOf(scope).catch((error: unknown) => failed(scope, clock, error));
}

function stepsOf(scope: Scope): Promise<Outcome> {
  const { committed, spec } = scope.record;
  if (spec.adoptFrom !== undefined && spec.direction === 'ToWorkload') {
    return ADOPTION.run(scope, undefined, noted(scope));
  }
  return committed
    ? AFTER_COMMIT.run(scope, undefined, noted(scope))
    : PROTOCOL.run(scope, undefined, noted(scope));
}

/** Records every step in status and metrics. */
function noted({ record, metrics, signal }: Scope): Around {
  return async (name, run) => {
    signal.throwIfAborted();
    record.note({ phase: name, steps: [{ name, state: 'Begun' }] });
    const started = performance.now();
    const outcome = await run();
    metrics.step(name, (performance.now() - started) / 1000);
    if (outcome.kind === 'Done') record.note({ steps: [{ name, state: 'Ended' }] });
    else record.note({ steps: [{ name, state: 'Waiting', message: outcome.message }] });
    return outcome;
  };
}

/** While the cluster is fenced, a failure is an Outcome; otherwise the back-off of the queue handles it. */
function failed(scope: Scope, clock: AttemptClock, error: unknown): Outcome {
  const { record, log, signal } = scope;
  if (!isUnmanaged(record.journal) || isConflict(error) || signal.aborted) throw error;
  log.warn({ error: messageOf(error) }, 'reconcile failed while the cluster is fenced');
  const refused = !record.committed && REFUSALS.some((code) => hasStatus(error, code));
  return refused && watchedMs(scope, clock) > REFUSED_MS
    ? giveUp('Refused', `An API server keeps rejecting a request: ${messageOf(error)}`)
    : retryAfter(HURRY_MS, messageOf(error));
}

/** A fence must not last forever because something that it waits for never happens. */
function inTime(scope: Scope, clock: AttemptClock, outcome: Outcome): Outcome {
  const { record, deps } = scope;
  const open = openAttempt(record.journal);
  if (outcome.kind === 'Done' || outcome.kind === 'GiveUp') return outcome;
  if (record.committed || open === undefined) return outcome;
  // The other side is active: given back, the source would be a second one.
  if (outcome.kind === 'Stalled' && outcome.reason === SELF_MANAGED) return outcome;
  if (!overdue(open.at, deps.clock.now(), watchedMs(scope, clock))) return outcome;
  const message = `The cluster was fenced for too long before the commit: ${outcome.message}`;
  return giveUp('TookTooLong', message);
}

async function callOff(scope: Scope): Promise<Outcome> {
  const { record } = scope;
  if (openAttempt(record.journal) !== undefined) return ABORT.run(scope, requested(scope));
  record.note({ phase: 'Aborted' });
  return record.deleted
    ? done
    : wait('Aborted', 'The pivot is aborted: set spec.abort to false to try again');
}

function requested({ record }: Scope): GiveUp {
  const why = record.deleted ? 'the Pivot was deleted' : 'spec.abort is true';
  return giveUp('AbortRequested', `Aborted before the commit: ${why}`);
}

/** How long this process has observed the attempt. */
function watchedMs(scope: Scope, clock: AttemptClock): number {
  return clock.sinceMs(pivotOf(scope), attemptOf(scope));
}

function pivotOf({ record }: Scope): string {
  return keyText(keyOf(record.object));
}

/** A new Pivot with the same name starts its own epochs. */
function attemptOf({ record }: Scope): string {
  return `${record.object.metadata.uid ?? ''}/${openAttempt(record.journal)?.epoch ?? 0}`;
}
