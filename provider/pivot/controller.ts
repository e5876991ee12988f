import { PIVOT, AGENT_INSTALLATION } from '../../lib/apis/kinds.ts';
import { PROVIDER_FINALIZER, type Side } from '../../lib/apis/ownership.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { during, messageOf } from '../../lib/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { isConflict, StatusError } from '../../lib/kube/errors.ts';
import type { Key, Result } from '../../lib/reconcile/controller.ts';
import { done, type Outcome } from '../../lib/reconcile/outcome.ts';
import { ABANDONED, isAbandoned, isGivenUp } from '../core/pivot/abandoned.ts';
import { openAttempt, unfinishedAbort } from '../core/pivot/journal.ts';
import { conditionOf, isTrue } from '../../lib/core/conditions.ts';
import type { ControllerParts, KubeconfigRef, ProviderDeps } from '../deps.ts';
import { absentApi } from './absent-api.ts';
import { boundedApi } from './bounded-api.ts';
import { createPivotMetrics, type PivotMetrics } from './metrics.ts';
import { CLUSTER } from './objects.ts';
import { runPass } from './pass.ts';
import { isPivot, PivotRecord } from './pivot-record.ts';
import { pausedCondition, readyCondition, syncedBy, syncedCondition } from './report.ts';
import { emptyMemory, type Scope, type Site } from './scope.ts';
import { Watchmen } from './watchmen.ts';

/** A pass waits for others most of its time. */
const WORKERS = 20;

/** How often something that needs a user is looked at again. */
const STALLED_MS = 15_000;

/** Names of the policies that refuse (hack/generator/fence.ts). */
const FENCE = /fence-(owner|machines)\.managedcluster\.io/;

/** pivotController hands clusters over to themselves and takes them back (DESIGN 6). */
export function pivotController(deps: ProviderDeps): ControllerParts {
  const parts: Parts = {
    deps,
    metrics: createPivotMetrics(deps.metrics),
    watchmen: new Watchmen(),
  };
  return {
    reconciler: {
      name: 'pivot',
      reconcile: (key, signal) => reconcile(parts, key, signal),
    },
    sources: [
      { type: PIVOT, toKeys: (object) => [keyTo(object)] },
      // Composed Pivots bear the name of their cluster; what has another name comes back by itself.
      { type: CLUSTER, toKeys: (object) => [keyTo(object)] },
      { type: AGENT_INSTALLATION, toKeys: (object) => [keyTo(object)] },
    ],
    workers: WORKERS,
  };
}

interface Parts {
  readonly deps: ProviderDeps;
  readonly metrics: PivotMetrics;
  readonly watchmen: Watchmen;
}

function keyTo({ metadata }: KubeObject): Key {
  return { namespace: metadata.namespace ?? '', name: metadata.name ?? '' };
}

async function reconcile(parts: Parts, key: Key, signal: AbortSignal): Promise<Result> {
  const { management, clock } = parts.deps;
  const found = await management.get({ ...PIVOT, ...key });
  if (found === undefined || !isPivot(found)) return {};
  // One that has given up goes on saying so: others rely on it.
  const paused = found.metadata.annotations?.['crossplane.io/paused'] === 'true';
  if (paused && !isAbandoned(found)) {
    // Without a finalizer: one that has begun nothing may go while it rests (crossplane-runtime does the same).
    await rest(parts, new PivotRecord(management, found, () => clock.now()));
    return {};
  }
  const pivot = await withFinalizer(management, found);
  const record = new PivotRecord(management, pivot, () => clock.now());
  const outcome = await outcomeOf(parts, record, signal);
  if (outcome.kind === 'Done') await finish(parts, record);
  return resultOf(outcome);
}

async function outcomeOf(parts: Parts, record: PivotRecord, signal: AbortSignal): Promise<Outcome> {
  if (nothingLeft(record)) return done;
  return isGivenUp(record.object) ? abandon(record) : passed(parts, record, signal);
}

/** Passes of a Pivot never overlap: whoever reads this knows that none is under way any more. */
async function abandon(record: PivotRecord): Promise<Outcome> {
  const message = 'Given up behind the commit: the cluster is taken back without this Pivot';
  await record.save({
    phase: ABANDONED,
    conditions: [
      syncedCondition('Done'),
      { type: 'Ready', status: 'False', reason: ABANDONED, message },
    ],
  });
  return done;
}

/** Nothing is done; but that a cluster stands still meanwhile is said aloud, once. */
async function rest({ deps }: Parts, record: PivotRecord): Promise<void> {
  const fenced = pausedCondition(record.journal, record.committed);
  const told = conditionOf(record.object, 'Ready')?.reason === fenced?.reason;
  await record.save({
    conditions: [syncedCondition('Paused'), ...(fenced === undefined ? [] : [fenced])],
  });
  if (fenced === undefined || told) return;
  deps.events.event(record.object, 'Warning', fenced.reason, fenced.message);
}

/** What a user mends may be on the other side, which wakes nobody here. */
function resultOf(outcome: Outcome): Result {
  if (outcome.kind === 'Stalled') return { requeueAfterMs: STALLED_MS };
  return outcome.kind === 'Wait' && outcome.requeueAfterMs !== undefined
    ? { requeueAfterMs: outcome.requeueAfterMs }
    : {};
}

async function finish({ deps, watchmen }: Parts, record: PivotRecord): Promise<void> {
  watchmen.forget(record.object.metadata.uid ?? '');
  if (record.deleted) await removeFinalizer(deps.management, record.object);
}

/** Finished, or given up; or deleted with nothing under way that could be left behind. */
function nothingLeft({ object, journal, committed, deleted }: PivotRecord): boolean {
  if (committed) return isTrue(object, 'Ready') || isAbandoned(object);
  return deleted && openAttempt(journal) === undefined && unfinishedAbort(journal) === undefined;
}

/** One pass, and what the status says of it. */
async function passed(parts: Parts, record: PivotRecord, signal: AbortSignal): Promise<Outcome> {
  try {
    const scope = await scopeOf(parts, record, signal);
    const outcome = await runPass(scope, parts.watchmen);
    await report(parts, record, outcome);
    return outcome;
  } catch (error) {
    if (!isConflict(error) && !signal.aborted) {
      record.note({ conditions: [syncedCondition('Error', messageOf(error))] });
      await record.save().catch(() => undefined);
    }
    throw error;
  }
}

async function report({ deps }: Parts, record: PivotRecord, outcome: Outcome): Promise<void> {
  const finished = outcome.kind === 'Done' && record.committed;
  await record.save({
    conditions: [syncedBy(outcome), readyCondition(outcome, finished)],
    ...(finished ? { phase: 'Completed' } : {}),
  });
  if (!finished) {
    if (outcome.kind === 'Stalled') {
      deps.events.event(record.object, 'Warning', outcome.reason, outcome.message);
    }
    return;
  }
  const { direction } = record.spec;
  const side = direction === 'ToWorkload' ? 'workload' : 'management';
  deps.events.event(record.object, 'Normal', 'PivotCompleted', `The ${side} side has the cluster`);
}

async function scopeOf(
  { deps, metrics }: Parts,
  record: PivotRecord,
  signal: AbortSignal,
): Promise<Scope> {
  const { namespace = '', name = '' } = record.object.metadata;
  const { clusterName, kubeconfigSecretRef, direction, source } = record.spec;
  function site(side: Side, server: KubeApi): Site {
    return { side, api: boundedApi(server, { signal, onFailure: counter(metrics) }), server };
  }
  const forward = direction === 'ToWorkload';
  const escrow = !forward && source === 'Escrow';
  const management = site('management', deps.management);
  const ref = { namespace, ...kubeconfigSecretRef };
  const workload = escrow ? undefined : site('workload', await workloadApi(deps, record, ref));
  return {
    deps,
    record,
    cluster: { namespace, name: clusterName },
    source: forward ? management : workload,
    target: forward ? (workload ?? management) : management,
    metrics,
    log: deps.log.child({ pivot: `${namespace}/${name}`, cluster: clusterName }),
    signal,
    memory: emptyMemory(),
  };
}

async function workloadApi(
  deps: ProviderDeps,
  { deleted, committed }: PivotRecord,
  ref: KubeconfigRef,
): Promise<KubeApi> {
  try {
    return await deps.workload(ref);
  } catch (error) {
    if (!deleted || committed) throw error;
    const { namespace, name } = ref;
    const secret = await deps.management.get({ apiVersion: 'v1', kind: 'Secret', namespace, name });
    if (secret !== undefined) throw error;
    return absentApi;
  }
}

/** Counts the requests that the fence refused. */
function counter(metrics: PivotMetrics): (error: unknown) => void {
  return (error) => {
    if (error instanceof StatusError && FENCE.test(error.message)) metrics.fenced();
  };
}

async function withFinalizer(api: KubeApi, pivot: KubeObject): Promise<KubeObject> {
  const { finalizers = [], deletionTimestamp, resourceVersion } = pivot.metadata;
  if (finalizers.includes(PROVIDER_FINALIZER) || deletionTimestamp !== undefined) return pivot;
  return during(
    'put the finalizer on the Pivot',
    api.patch(refOf(pivot), {
      metadata: { resourceVersion, finalizers: [...finalizers, PROVIDER_FINALIZER] },
    }),
  );
}

async function removeFinalizer(api: KubeApi, pivot: KubeObject): Promise<void> {
  const { finalizers = [], resourceVersion } = pivot.metadata;
  const left = finalizers.filter((finalizer) => finalizer !== PROVIDER_FINALIZER);
  await during(
    'take the finalizer off the Pivot',
    api.patch(refOf(pivot), { metadata: { resourceVersion, finalizers: left } }),
  );
}
