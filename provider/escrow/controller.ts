import { compositeUidOf } from '../../lib/apis/composed.ts';
import { Gauge, type Registry } from 'prom-client';
import { kubeconfigSecretOf } from '../../capi/object-names.ts';
import { CLUSTER_PLAN, PIVOT } from '../../lib/apis/kinds.ts';
import { isTrue } from '../../lib/core/conditions.ts';
import { contentHash } from '../../lib/core/hash.ts';
import { type Json, type KubeObject, recordIn } from '../../lib/core/object.ts';
import { wrapError, messageOf } from '../../lib/errors.ts';
import type { Key, Result } from '../../lib/reconcile/controller.ts';
import { keyOf } from '../../lib/reconcile/work-queue.ts';
import { escrowDue, LONGEST_MS, SHORTEST_MS } from '../core/escrow/escrow-due.ts';
import { backName } from '../core/teardown/pivot-state.ts';
import type { ControllerParts, KubeconfigRef, ProviderDeps } from '../deps.ts';
import { desiredBy } from '../core/handover/desired.ts';
import { withKnown } from '../core/handover/record.ts';
import { withBorn } from '../core/handover/identities.ts';
import { readRecord } from '../handover/store.ts';
import { ensureEscrow, escrowState, type EscrowState } from './escrow.ts';
import { readCluster } from './read-cluster.ts';

/**
 * escrowController keeps the escrow of every self-managed cluster up to date: after a report of its agent,
 * at most once a minute and at least once an hour. A cluster that cannot be reached keeps its last escrow.
 * The age of an escrow is exported as a metric and recorded on its Secrets.
 */
export function escrowController(deps: ProviderDeps): ControllerParts {
  const ages = escrowAges(deps.metrics, () => deps.clock.now().getTime());
  return {
    reconciler: { name: 'escrow', reconcile: (key) => reconcile(deps, ages, key) },
    sources: [{ type: CLUSTER_PLAN, toKeys: (object) => [keyOf(object)] }],
  };
}

async function reconcile(deps: ProviderDeps, ages: Ages, key: Key): Promise<Result> {
  const { management, clock } = deps;
  const [plan, pivot, back, state] = await wrapError(
    `check the escrow of cluster ${key.namespace}/${key.name}`,
    Promise.all([
      management.get({ ...CLUSTER_PLAN, ...key }),
      management.get({ ...PIVOT, ...key }),
      management.get({ ...PIVOT, namespace: key.namespace, name: backName(key.name) }),
      escrowState(deps, key),
    ]),
  );
  const last = timeOf(state);
  ages.set(key, plan === undefined ? undefined : last);
  const report = reportOf(plan);
  const due = escrowDue({
    selfManaged: isTrue(pivot, 'Ready') && isTrue(pivot, 'Committed') && back === undefined,
    ageMs: last === undefined ? undefined : clock.now().getTime() - last,
    reportChanged: report !== state?.report,
  });
  if (!due.now) return due.againAfterMs === undefined ? {} : { requeueAfterMs: due.againAfterMs };
  const taken = await refresh(deps, key, { plan, pivot, report }).catch((error: unknown) => {
    const why = messageOf(error);
    deps.log.warn({ cluster: key, error: why }, 'escrow not refreshed: the last one is kept');
    return false;
  });
  if (!taken) return { requeueAfterMs: SHORTEST_MS };
  ages.set(key, clock.now().getTime());
  return { requeueAfterMs: LONGEST_MS };
}

/** Milliseconds since 1970. */
function timeOf(state: EscrowState | undefined): number | undefined {
  const taken = Date.parse(state?.time ?? '');
  return Number.isNaN(taken) ? undefined : taken;
}

interface Seen {
  readonly plan: KubeObject | undefined;
  readonly pivot: KubeObject | undefined;
  readonly report: string;
}

/** Number of refused records that a message names. */
const NAMED = 3;

/** Returns whether the cluster had anything to escrow. */
async function refresh(
  deps: ProviderDeps,
  key: Key,
  { plan, pivot, report }: Seen,
): Promise<boolean> {
  const spec = recordIn(pivot, 'spec');
  const composite = compositeUidOf(plan) ?? compositeUidOf(pivot);
  const { record, refused } = await readRecord(deps, { ...key, composite });
  if (record === undefined) {
    const why = refused.length === 0 ? 'it does not exist' : refused.slice(0, NAMED).join('; ');
    const message = `The record of the handover cannot be used, so the cluster could not be taken back: ${why}. Restore the Secrets with the label managedcluster.io/record, or the keys of the provider, from a backup`;
    const reason = refused.length === 0 ? 'RecordMissing' : 'RecordRefused';
    if (pivot !== undefined) deps.events.event(pivot, 'Warning', reason, message);
    throw new Error(message);
  }
  const known = withKnown(record, desiredBy(plan, key));
  const workload = await deps.workload(kubeconfigOf(key, spec));
  const objects = await readCluster(workload, known, textOf(spec?.['provider']));
  if (objects === undefined) return false;
  const seen = withBorn(known, objects, deps.clock.now().toISOString());
  await ensureEscrow(deps, seen, objects, report);
  return true;
}

function kubeconfigOf(
  { namespace, name }: Key,
  spec: Readonly<Record<string, unknown>> | undefined,
): KubeconfigRef {
  const ref = recordIn(spec, 'kubeconfigSecretRef');
  const own = kubeconfigSecretOf(name);
  return {
    namespace,
    name: textOf(ref?.['name']) ?? own.name,
    key: textOf(ref?.['key']) ?? own.key,
    cluster: name,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The report of the agent about the cluster, without its timestamp. */
function reportOf(plan: KubeObject | undefined): string {
  const status: Json = JSON.parse(JSON.stringify(plan?.['status'] ?? {}));
  return contentHash(status);
}

/** Ages records when escrows were last confirmed. */
interface Ages {
  /** Milliseconds since 1970; undefined removes the cluster. */
  set(key: Key, taken: number | undefined): void;
}

function escrowAges(registry: Registry, now: () => number): Ages {
  const known = new Map<string, { readonly key: Key; readonly taken: number }>();
  const gauge: Gauge<'namespace' | 'cluster'> = new Gauge({
    name: 'managedcluster_escrow_age_seconds',
    help: 'Seconds since the last known objects of a cluster were confirmed.',
    labelNames: ['namespace', 'cluster'],
    registers: [registry],
    collect(): void {
      gauge.reset();
      for (const { key, taken } of known.values()) {
        const labels = { namespace: key.namespace, cluster: key.name };
        gauge.set(labels, Math.max(0, (now() - taken) / 1000));
      }
    },
  });
  return {
    set(key, taken): void {
      const id = `${key.namespace}/${key.name}`;
      if (taken === undefined) known.delete(id);
      else known.set(id, { key, taken });
    },
  };
}
