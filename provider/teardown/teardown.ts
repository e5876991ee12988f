import { messageOf } from '../../lib/errors.ts';
import { isConflict } from '../../lib/kube/errors.ts';
import type { Key, Result } from '../../lib/reconcile/controller.ts';
import type { Outcome } from '../../lib/reconcile/outcome.ts';
import type { Progress } from '../core/teardown/deleting-status.ts';
import { secondsSince, withStep } from '../core/teardown/journal.ts';
import { isPaused, withoutFinalizer, type Subject } from '../core/teardown/subject.ts';
import type { ProviderDeps } from '../deps.ts';
import { changeMetadata } from './held-object.ts';
import { teardownMetrics, type TeardownMetrics } from './metrics.ts';
import { showProgress, tellProgress } from './progress.ts';
import { reportStore, type ReportStore } from './report-store.ts';
import { bookOf, POLL_MS, SLOW_POLL_MS, type Pass } from './step.ts';
import { stepsFor } from './steps.ts';
import { readWay, type Way } from './way.ts';

/** Teardown takes the clusters of composites that are being deleted away. */
export interface Teardown {
  /** One pass. */
  run(key: Key, subject: Subject): Promise<Passed>;
  /** The composite is gone. */
  forget(key: Key): void;
}

/** Passed is what a pass has come to. */
export interface Passed extends Result {
  /** Nothing is left of the cluster, and that was proved in this pass. */
  readonly over: boolean;
}

/** What a user who has done something is not kept waiting for: milliseconds. */
const STALLED_MS = 15_000;

/** createTeardown makes the one Teardown of a program. */
export function createTeardown(deps: ProviderDeps): Teardown {
  const store = reportStore(deps.management);
  const metrics = teardownMetrics(deps.metrics);
  const lookedAt = new Map<string, number>();
  function now(): string {
    return deps.clock.now().toISOString();
  }
  return {
    async run(key, subject): Promise<Passed> {
      const book = bookOf(await store.read(subject, now()));
      let way: Promise<Way> | undefined;
      const pass: Pass = {
        deps,
        subject,
        way: () => (way ??= readWay(deps.management, subject)),
        book,
        lookedAt,
        now,
      };
      const result = await runPass(pass, store);
      metrics.blocked(keyText(key), result.blocked);
      const { over = false, requeueAfterMs } = result;
      if (over) finished(pass, { store, metrics });
      return { over, ...(requeueAfterMs === undefined ? {} : { requeueAfterMs }) };
    },
    forget: (key) => metrics.blocked(keyText(key), undefined),
  };
}

interface PassResult {
  readonly requeueAfterMs?: number | undefined;
  /** Why the teardown can't go on by itself. */
  readonly blocked?: string;
  /** Nothing is left of the cluster. */
  readonly over?: boolean;
}

async function runPass(pass: Pass, store: ReportStore): Promise<PassResult> {
  if (isPaused(pass.subject)) {
    const message =
      'Nothing is done, because annotation crossplane.io/paused is true: remove it to go on';
    await showProgress(pass, { reason: 'ReconcilePaused', message });
    return {};
  }
  const open = await firstOpen(pass, store);
  if (open === undefined) return end(pass, store);
  const stuck = open.kind === 'Stalled' || open.reason === 'TeardownBlocked';
  tellProgress(pass, open, stuck ? 'Warning' : 'Normal');
  // The journal first: what it says is relied on, and a conflict over the status is tried again.
  await writeReport(pass, store, open.message);
  await showProgress(pass, open);
  return {
    requeueAfterMs: open.kind === 'Wait' ? paced(pass, open.requeueAfterMs) : STALLED_MS,
    ...(stuck ? { blocked: open.reason } : {}),
  };
}

/** Most teardowns take seconds; one that takes long must not keep the API server busy. */
function paced({ book, now }: Pass, wanted: number | undefined): number | undefined {
  const slow = secondsSince(book.journal.startTime, now()) > 60;
  return slow && wanted === POLL_MS ? SLOW_POLL_MS : wanted;
}

/** The first step that is not over; undefined when all are. */
async function firstOpen(
  pass: Pass,
  store: ReportStore,
): Promise<Exclude<Outcome, { kind: 'Done' }> | undefined> {
  for (const step of stepsFor(pass.subject)) {
    // oxlint-disable-next-line no-await-in-loop -- a step begins when the one before it is over
    const outcome = await step.run(pass).catch((error: unknown) => fail(pass, store, error));
    if (outcome.kind === 'Done') continue;
    pass.book.note((journal) => withStep(journal, step.name, pass.now()));
    return outcome;
  }
  return undefined;
}

/** What goes wrong is shown, and tried again with a back-off; a conflict is no news. */
async function fail(pass: Pass, store: ReportStore, error: unknown): Promise<never> {
  if (!isConflict(error)) {
    const progress: Progress = {
      reason: 'TeardownFailed',
      message: `${messageOf(error)}; it is tried again`,
    };
    tellProgress(pass, progress, 'Warning');
    await showProgress(pass, progress).catch(() => undefined);
    await writeReport(pass, store, progress.message).catch(() => undefined);
  }
  throw error;
}

/** The report is final before the composite may go. */
async function end(pass: Pass, store: ReportStore): Promise<PassResult> {
  const { deps, subject, book, now } = pass;
  book.note((journal) => ({
    ...withStep(journal, undefined, now()),
    endTime: journal.endTime ?? now(),
  }));
  await writeReport(pass, store);
  const finalizers = withoutFinalizer(subject.composite);
  if (finalizers === undefined) return { over: subject.gone };
  await changeMetadata(deps.management, subject.composite, { finalizers });
  return { over: true };
}

async function writeReport(
  { subject, book }: Pass,
  store: ReportStore,
  waiting?: string,
): Promise<void> {
  const { cluster, composite, claim } = subject;
  const { kind, metadata } = claim ?? composite;
  const name = [metadata.namespace, metadata.name].filter(Boolean).join('/');
  await store.write(subject, {
    cluster,
    subject: `${kind} ${name}`,
    journal: book.journal,
    waiting,
  });
}

function finished(
  { deps, subject, book, lookedAt }: Pass,
  { store, metrics }: { readonly store: ReportStore; readonly metrics: TeardownMetrics },
): void {
  const { startTime, endTime = startTime } = book.journal;
  const seconds = secondsSince(startTime, endTime);
  metrics.ended(subject.orphan ? 'Orphan' : 'Delete', seconds);
  store.forget(subject.composite.metadata.uid ?? '');
  lookedAt.delete(`${subject.cluster.namespace}/${subject.cluster.name}`);
  deps.events.event(
    subject.composite,
    'Normal',
    'TornDown',
    `Nothing is left of cluster ${subject.cluster.namespace}/${subject.cluster.name}, after ${seconds} s`,
  );
}

function keyText({ namespace, name }: Key): string {
  return `${namespace}/${name}`;
}
