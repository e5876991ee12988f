import { messageOf } from '../../lib/errors.ts';
import { isConflict } from '../../lib/kube/errors.ts';
import { done, wait, type Outcome } from '../../lib/reconcile/outcome.ts';
import { openAttempt, overdue, unfinishedAbort } from '../core/pivot/journal.ts';
import { decideAbort, finishAbort } from './abort.ts';
import { AFTER_COMMIT, BEFORE_COMMIT } from './protocol.ts';
import { GiveUp, Halt, type Scope } from './scope.ts';
import type { Step } from './step.ts';
import type { Watchmen } from './watchmen.ts';

/** While nobody is in charge of a cluster a failure is no reason to wait long. */
const HURRY_MS = 1000;

/** runPass does as much of the protocol as can be done now. Done means that there is nothing left. */
export async function runPass(scope: Scope, watchmen: Watchmen): Promise<Outcome> {
  const { record } = scope;
  if (record.committed) return runSteps(scope, AFTER_COMMIT);
  const unfinished = unfinishedAbort(record.journal);
  if (unfinished !== undefined) return finishAbort(scope, unfinished);
  if (record.spec.abort || record.deleted) return callOff(scope);
  const outcome = await attempt(scope);
  if (outcome.kind === 'Done' || record.committed) return outcome;
  return overdueOutcome(scope, watchmen, outcome);
}

async function attempt(scope: Scope): Promise<Outcome> {
  try {
    return await runSteps(scope, [...BEFORE_COMMIT, ...AFTER_COMMIT]);
  } catch (error) {
    if (error instanceof GiveUp) return abortNow(scope, error.reason, error.message);
    const fenced = openAttempt(scope.record.journal) !== undefined;
    if (!fenced || scope.record.committed || isConflict(error) || scope.signal.aborted) throw error;
    scope.log.warn({ error: messageOf(error) }, 'pass failed while the cluster is fenced');
    return wait('ReconcileError', messageOf(error), HURRY_MS);
  }
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

async function abortNow(scope: Scope, reason: string, message: string): Promise<Outcome> {
  await decideAbort(scope, reason, message);
  const { aborted } = scope.record.journal;
  return aborted === undefined ? done : finishAbort(scope, aborted);
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
  const watchedMs = watchmen.sinceMs(`${record.object.metadata.uid ?? ''}/${open.epoch}`);
  if (!overdue(open.at, deps.clock.now(), watchedMs)) return outcome;
  return abortNow(
    scope,
    'TookTooLong',
    `The cluster was fenced for too long before the commit: ${outcome.message}`,
  );
}
