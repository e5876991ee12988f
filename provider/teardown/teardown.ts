import { TEARDOWN_FINALIZER } from '../../lib/apis/ownership.ts';
import { hasFinalizer } from '../../lib/kube/finalizers.ts';
import type { Key } from '../../lib/reconcile/controller.ts';
import type { ManagedPass } from '../../lib/reconcile/managed.ts';
import type { Outcome } from '../../lib/reconcile/outcome.ts';
import { keyText } from '../../lib/reconcile/work-queue.ts';
import { secondsSince, withStep } from '../core/teardown/journal.ts';
import type { Subject } from '../core/teardown/subject.ts';
import type { ProviderDeps } from '../deps.ts';
import { teardownMetrics, type TeardownMetrics } from './metrics.ts';
import { JournalWriter, POLL_MS, SLOW_POLL_MS, type Pass } from './pass.ts';
import { isStuck, reportEnding } from './progress.ts';
import { reportStore, type ReportStore } from './report-store.ts';
import { stepsFor } from './steps.ts';
import { ReachClock } from './workload.ts';

/** Teardown removes the clusters of composites that are being deleted. */
export interface Teardown {
  /** Starts a pass for a composite that is being deleted or no longer exists. */
  begin(key: Key, subject: Subject): Promise<ManagedPass>;
  /** Removes a composite that no longer exists. */
  forget(key: Key): void;
}

/** createTeardown creates the only Teardown of a program. */
export function createTeardown(deps: ProviderDeps): Teardown {
  const store = reportStore(deps.management);
  const metrics = teardownMetrics(deps.metrics);
  const reachClock = new ReachClock();
  function now(): string {
    return deps.clock.now().toISOString();
  }
  return {
    async begin(key, subject): Promise<ManagedPass> {
      const journal = new JournalWriter(await store.read(subject, now()));
      const pass = { deps, subject, journal, reachClock, now };
      return managedPass(pass, { key: keyText(key), store, metrics });
    },
    forget: (key) => metrics.blocked(keyText(key), undefined),
  };
}

interface Records {
  readonly key: string;
  readonly store: ReportStore;
  readonly metrics: TeardownMetrics;
}

function managedPass(pass: Pass, records: Records): ManagedPass {
  const { subject } = pass;
  const { key, store, metrics } = records;
  return {
    object: subject.composite,
    paused: subject.paused,
    run: () => runSteps(pass),
    async report(ending): Promise<void> {
      await reportEnding(pass, store, ending);
      if (ending.kind === 'Failed') return;
      metrics.blocked(key, isStuck(ending) ? ending.reason : undefined);
    },
    ended(): void {
      // A composite without our finalizer is reconciled until others release it or it no longer exists.
      if (subject.gone || hasFinalizer(subject.composite, TEARDOWN_FINALIZER)) {
        finished(pass, records);
      }
    },
  };
}

async function runSteps(pass: Pass): Promise<Outcome> {
  const { subject, journal, now } = pass;
  const outcome = await stepsFor(subject).run(pass, undefined, async (name, run) => {
    const one = await run();
    if (one.kind !== 'Done') journal.note((before) => withStep(before, name, now()));
    return one;
  });
  return paced(pass, outcome);
}

/** Most teardowns take seconds; a long one must not put load on the API server. */
function paced({ journal, now }: Pass, outcome: Outcome): Outcome {
  if (outcome.kind !== 'Wait' || outcome.requeueAfterMs !== POLL_MS) return outcome;
  const slow = secondsSince(journal.current.startTime, now()) > 60;
  return slow ? { ...outcome, requeueAfterMs: SLOW_POLL_MS } : outcome;
}

function finished({ deps, subject, journal, reachClock }: Pass, { store, metrics }: Records): void {
  const { startTime, endTime = startTime } = journal.current;
  const seconds = secondsSince(startTime, endTime);
  metrics.ended(subject.orphan ? 'Orphan' : 'Delete', seconds);
  store.forget(subject);
  reachClock.forget(subject.cluster);
  deps.events.event(
    subject.composite,
    'Normal',
    'TornDown',
    `Nothing is left of cluster ${subject.cluster.namespace}/${subject.cluster.name}, after ${seconds} s`,
  );
}
