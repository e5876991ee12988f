import type { AbortReason } from '../../lib/apis/reasons/pivot.ts';
import { messageOf } from '../../lib/errors.ts';
import { hasStatus, isConflict } from '../../lib/kube/errors.ts';
import { done, wait, type Outcome } from '../../lib/reconcile/outcome.ts';
import { isUnmanaged, openAttempt, overdue, unfinishedAbort } from '../core/pivot/journal.ts';
import { decideAbort, finishAbort } from './abort.ts';
import { RECONCILE_ERROR } from './report.ts';
import { AFTER_COMMIT, PROTOCOL } from './protocol.ts';
import { GiveUp, Halt, type Scope } from './scope.ts';
import type { Step } from './step.ts';
import type { Watchmen } from './watchmen.ts';

/** While nobody is in charge of a cluster a failure is no reason to wait long. */
const HURRY_MS = 1000;

/** Answers that say that the same request will be refused again (metav1 Invalid, BadRequest). */
const REFUSALS = [400, 422];

/** So long a refusal may be due to something that is only starting, or that somebody mends. */
const REFUSED_MS = 120_000;

/** runPass does as much of the protocol as can be done now. Done means that there is nothing left. */
export async function runPass(scope: Scope, watchmen: Watchmen): Promise<Outcome> {
  const { record, memory } = scope;
  try {
    const unfinished = unfinishedAbort(record.journal);
    if (!record.committed && unfinished !== undefined) return await finishAbort(scope, unfinished);
    const off = record.spec.abort || record.deleted;
    if (!record.committed && off) return await callOff(scope);
    return await attempt(scope, watchmen);
  } finally {
    // Nothing of this pass goes on behind it.
    const { anchor, authority, bothSides } = memory;
    await Promise.allSettled([...memory.statuses.values(), anchor, authority, bothSides]);
  }
}

async function attempt(scope: Scope, watchmen: Watchmen): Promise<Outcome> {
  const { record, metrics } = scope;
  const under = openAttempt(record.journal) !== undefined;
  if (under && !watchmen.knows(attemptKey(scope))) metrics.resumed();
  const steps = record.committed ? AFTER_COMMIT : PROTOCOL;
  const outcome = await runSteps(scope, steps).catch((error: unknown) =>
    failed(scope, watchmen, error),
  );
  if (outcome.kind === 'Done' || record.committed) return outcome;
  return overdueOutcome(scope, watchmen, outcome);
}

/** While nobody is in charge a failure is an Outcome; before and behind it the queue's back-off does. */
async function failed(scope: Scope, watchmen: Watchmen, error: unknown): Promise<Outcome> {
  const { record, log, signal } = scope;
  if (error instanceof GiveUp) return abortNow(scope, error.reason, error.message);
  if (!isUnmanaged(record.journal) || isConflict(error) || signal.aborted) throw error;
  log.warn({ error: messageOf(error) }, 'pass failed while the cluster is fenced');
  const refused = !record.committed && REFUSALS.some((code) => hasStatus(error, code));
  return refused && watchedMs(scope, watchmen) > REFUSED_MS
    ? abortNow(scope, 'Refused', `An API server goes on refusing: ${messageOf(error)}`)
    : wait(RECONCILE_ERROR, messageOf(error), HURRY_MS);
}

async function runSteps(scope: Scope, steps: readonly Step[]): Promise<Outcome> {
  for (const step of steps) {
    // oxlint-disable-next-line no-await-in-loop -- the order of the steps is the protocol
    const outcome = await runStep(scope, step);
    if (outcome.kind !== 'Done') return outcome;
  }
  return done;
}

async function runStep(scope: Scope, step: Step): Promise<Outcome> {
  const { record, metrics, signal } = scope;
  const { name } = step;
  signal.throwIfAborted();
  record.note({ phase: name, steps: [{ name, state: 'Begun' }] });
  const started = performance.now();
  const outcome = await step.run(scope).catch((error: unknown) => {
    const halt = haltIn(error);
    if (halt === undefined) throw error;
    return halt.outcome;
  });
  metrics.step(name, (performance.now() - started) / 1000);
  if (outcome.kind === 'Done') record.note({ steps: [{ name, state: 'Ended' }] });
  else record.note({ steps: [{ name, state: 'Waiting', message: outcome.message }] });
  return outcome;
}

/** A Halt may have been given a cause on its way up. */
function haltIn(error: unknown): Halt | undefined {
  if (error instanceof Halt) return error;
  return error instanceof Error ? haltIn(error.cause) : undefined;
}

async function callOff(scope: Scope): Promise<Outcome> {
  const { record } = scope;
  const why = record.deleted ? 'the Pivot was deleted' : 'spec.abort is true';
  if (openAttempt(record.journal) !== undefined) {
    return abortNow(scope, 'AbortRequested', `Aborted before the commit: ${why}`);
  }
  record.note({ phase: 'Aborted' });
  return record.deleted
    ? done
    : wait('Aborted', 'The pivot is called off: set spec.abort to false to try again');
}

async function abortNow(scope: Scope, reason: AbortReason, message: string): Promise<Outcome> {
  await decideAbort(scope, reason, message);
  const { aborted } = scope.record.journal;
  return aborted === undefined ? done : finishAbort(scope, aborted);
}

/** How long this process has seen the attempt under way. */
function watchedMs(scope: Scope, watchmen: Watchmen): number {
  return watchmen.sinceMs(attemptKey(scope));
}

function attemptKey({ record }: Scope): string {
  return `${record.object.metadata.uid ?? ''}/${openAttempt(record.journal)?.epoch ?? 0}`;
}

/** A fence must not stand for ever because something that it waits for does not come. */
async function overdueOutcome(
  scope: Scope,
  watchmen: Watchmen,
  outcome: Outcome,
): Promise<Outcome> {
  const { record, deps } = scope;
  const open = openAttempt(record.journal);
  if (open === undefined || outcome.kind === 'Done') return outcome;
  if (!overdue(open.at, deps.clock.now(), watchedMs(scope, watchmen))) return outcome;
  return abortNow(
    scope,
    'TookTooLong',
    `The cluster was fenced for too long before the commit: ${outcome.message}`,
  );
}
