import { messageOf } from '../../lib/errors.ts';
import { hasStatus, isConflict } from '../../lib/kube/errors.ts';
import { done, giveUp, wait, type GiveUp, type Outcome } from '../../lib/reconcile/outcome.ts';
import type { Around } from '../../lib/reconcile/steps.ts';
import { RECONCILE_ERROR } from '../../lib/reconcile/synced.ts';
import { isUnmanaged, openAttempt, overdue, unfinishedAbort } from '../core/pivot/journal.ts';
import type { AttemptClock } from './attempt-clock.ts';
import { ABORT, AFTER_COMMIT, PROTOCOL, UNDO } from './protocol.ts';
import type { Scope } from './scope.ts';

/** While nobody is in charge of a cluster a failure is no reason to wait long. */
const HURRY_MS = 1000;

/** Answers that say that the same request will be refused again (metav1 Invalid, BadRequest). */
const REFUSALS = [400, 422];

/** So long a refusal may be due to something that is only starting, or that somebody mends. */
const REFUSED_MS = 120_000;

/** runPivot does as much of a pivot as can be done now. Done means that there is nothing left. */
export async function runPivot(scope: Scope, clock: AttemptClock): Promise<Outcome> {
  try {
    return await advance(scope, clock);
  } finally {
    await scope.background.settled();
  }
}

/** Behind the commit there is only one way; before it, what was begun to be taken back goes first. */
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
  const steps = record.committed
    ? AFTER_COMMIT.run(scope, {}, noted(scope))
    : PROTOCOL.run(scope, undefined, noted(scope));
  return steps.catch((error: unknown) => failed(scope, clock, error));
}

/** What status and metrics keep of every step. */
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

/** While nobody is in charge a failure is an Outcome; before and behind it the queue's back-off does. */
function failed(scope: Scope, clock: AttemptClock, error: unknown): Outcome {
  const { record, log, signal } = scope;
  if (!isUnmanaged(record.journal) || isConflict(error) || signal.aborted) throw error;
  log.warn({ error: messageOf(error) }, 'reconcile failed while the cluster is fenced');
  const refused = !record.committed && REFUSALS.some((code) => hasStatus(error, code));
  return refused && watchedMs(scope, clock) > REFUSED_MS
    ? giveUp('Refused', `An API server keeps rejecting a request: ${messageOf(error)}`)
    : wait(RECONCILE_ERROR, messageOf(error), HURRY_MS);
}

/** A fence must not stand for ever because something that it waits for does not come. */
function inTime(scope: Scope, clock: AttemptClock, outcome: Outcome): Outcome {
  const { record, deps } = scope;
  const open = openAttempt(record.journal);
  if (outcome.kind === 'Done' || outcome.kind === 'GiveUp') return outcome;
  if (record.committed || open === undefined) return outcome;
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

/** How long this process has seen the attempt under way. */
function watchedMs(scope: Scope, clock: AttemptClock): number {
  return clock.sinceMs(pivotOf(scope), attemptOf(scope));
}

function pivotOf({ record }: Scope): string {
  const { namespace = '', name = '' } = record.object.metadata;
  return `${namespace}/${name}`;
}

/** Another Pivot of the same name counts its epochs anew. */
function attemptOf({ record }: Scope): string {
  return `${record.object.metadata.uid ?? ''}/${openAttempt(record.journal)?.epoch ?? 0}`;
}
