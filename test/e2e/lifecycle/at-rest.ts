import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { coreMetricsUrl, untilOperational } from '@managed-cluster/testbed';
import { waitFor } from '@managed-cluster/toolchain';
import {
  AGENT_INSTALLATION,
  CLUSTER_PLAN,
  MANAGED_CLUSTER_CLAIM,
  PIVOT,
} from '../../../lib/apis/kinds.ts';
import { conditionOf, isTrue } from '../../../lib/core/conditions.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import type { ObjectRef, TypeRef } from '../../../lib/kube/api.ts';
import { objectsIn } from '../../../lib/program/manifests.ts';
import { microseconds, readEvents } from '../../oracle/audit-event.ts';
import { eventually, worldFile } from '../world.ts';
import { api, CLAIM, compositeOf, NAMESPACE, refOf, theatreOf } from './subject.ts';

/** How long nothing is done; the gate has little time, `QUIET_SECONDS=600` is what the goal speaks of. */
const QUIET_SECONDS = Number(process.env['QUIET_SECONDS'] ?? 75);

const LOOK_MS = 1000;

/** Crossplane asks once more for an earlier answer's time to live, that of a cluster on its way. */
const LEFT_OVER = 1;

/** A cluster at rest changes for a reason only; no reason comes every minute. */
const CHANGES = Math.ceil(QUIET_SECONDS / 60);

const CROSSPLANE = 'system:serviceaccount:crossplane-system:crossplane';

const CONTROLLER = 'composite/xmanagedclusters.managedcluster.io';

const COMPOSED = [CLUSTER_PLAN, AGENT_INSTALLATION, PIVOT] as const;

/** How long after its handover a claim is asked about more often (function/core/ttl.ts), and the last such answer. */
const COLLECTION_MS = 180_000;

/** How long after the end of a claim the watches are certain to run again (provider/watches), and some seconds. */
const TOUCHED_MS = 170_000;

const CLUSTER = { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Cluster' };

const FLEETING = { ...MANAGED_CLUSTER_CLAIM, namespace: NAMESPACE, name: 'fleeting' } as const;

/** Rest is what was seen while nothing was done. */
interface Rest {
  /** Runs of the pipeline for composites of the claim's kind, of which there is one. */
  readonly runs: number;
  /** Changes of the composite and of what it composes, whoever made them. */
  readonly changes: number;
  /** Crossplane's writes to them, whether they changed something or not. */
  readonly writes: number;
}

/** A cluster that is complete is left alone, and yet listened to. */
export function atRest(): void {
  describe(`${QUIET_SECONDS} seconds in which nothing is done`, () => {
    let rest: Rest;

    beforeAll(
      async () => {
        await untilOperational(theatreOf(CLAIM));
        await untilCollected();
        await untilUnchanged();
        rest = await watched();
        const perHour = Math.round((rest.runs * 3600) / QUIET_SECONDS);
        console.log(`at rest: ${JSON.stringify(rest)}, ${perHour} runs an hour`);
      },
      (QUIET_SECONDS + 350) * 1000,
    );

    it('the life of the cluster so far has not opened the circuit breaker', async () => {
      expect(await counted('circuit_breaker_opens_total')).toBe(0);
      expect(isTrue(await compositeOf(CLAIM), 'Responsive')).toBe(true);
    });

    it('nobody changes the composite or what it composes', () => {
      expect(rest.changes).toBeLessThanOrEqual(CHANGES);
    });

    it('the pipeline runs for changes only', () => {
      expect(rest.runs).toBeLessThanOrEqual(rest.changes + LEFT_OVER);
    });

    it('Crossplane writes what its runs write, and nothing else', () => {
      // Each run applies the composed objects, the references, and the status twice.
      expect(rest.writes).toBeLessThanOrEqual(rest.runs * (COMPOSED.length + 3));
    });

    it('a change of the claim arrives within seconds all the same', async () => {
      expect(await heardAfterMs(refOf(CLAIM))).toBeLessThan(5000);
    });

    it.each(COMPOSED)('so does a change of its $kind', hearsOf);
  });

  describe('after the deletion of another claim, which is the last one with Cluster API objects', () => {
    beforeAll(async () => {
      await comeAndGo();
      await sleep(TOUCHED_MS);
    }, TOUCHED_MS + 150_000);

    it.each(COMPOSED)('a change of its $kind still arrives within seconds', hearsOf);
  });
}

async function hearsOf({ apiVersion, kind }: TypeRef): Promise<void> {
  const ref = { apiVersion, kind, namespace: NAMESPACE, name: CLAIM.name };
  expect(await heardAfterMs(ref)).toBeLessThan(5000);
}

/** Another claim is made and, as soon as it has a Cluster, deleted. */
async function comeAndGo(): Promise<void> {
  const [example] = objectsIn('examples/dev/claim.yaml');
  await api.apply(
    {
      ...MANAGED_CLUSTER_CLAIM,
      metadata: { name: FLEETING.name, namespace: NAMESPACE },
      spec: example?.['spec'],
    },
    { fieldManager: 'e2e' },
  );
  await eventually(api, { ...FLEETING, ...CLUSTER }, 'there');
  await api.delete(FLEETING, { propagationPolicy: 'Foreground' });
  await waitFor({
    what: `${FLEETING.name} to be gone`,
    timeoutMs: 120_000,
    look: async () => ((await api.get(FLEETING)) === undefined ? true : undefined),
  });
}

/** Milliseconds from a change of an object until the pipeline runs; what came before has had its runs by then. */
async function heardAfterMs(ref: ObjectRef): Promise<number> {
  await untilUnchanged();
  const before = await counted('controller_runtime_reconcile_total');
  const from = performance.now();
  // Another value each time: a patch that changes nothing is no event.
  const annotations = { 'example.com/at': new Date().toISOString() };
  await api.patch(ref, { metadata: { annotations } });
  await waitFor({
    what: 'the pipeline to run',
    timeoutMs: 30_000,
    look: async () =>
      (await counted('controller_runtime_reconcile_total')) > before ? true : undefined,
  });
  return performance.now() - from;
}

/** Core may have stopped the watches of a claim by then; the function asks more often until they run again. */
async function untilCollected(): Promise<void> {
  const { lastTransitionTime } = conditionOf(await compositeOf(CLAIM), 'Pivoted') ?? {};
  if (lastTransitionTime === undefined)
    throw new Error('the claim does not say when it was handed over');
  await sleep(Math.max(0, Date.parse(lastTransitionTime) + COLLECTION_MS - Date.now()));
}

/** What follows upon Operational, such as the agent's last report, belongs to the way there. */
async function untilUnchanged(): Promise<void> {
  let [last, since] = [await versions(), performance.now()];
  await waitFor({
    what: 'ten seconds without a change',
    timeoutMs: 120_000,
    intervalMs: LOOK_MS,
    look: async () => {
      const now = await versions();
      if (now.join() !== last.join()) [last, since] = [now, performance.now()];
      return performance.now() - since >= 10_000 ? true : undefined;
    },
  });
}

async function watched(): Promise<Rest> {
  const [from, before] = [Date.now(), await counted('controller_runtime_reconcile_total')];
  const names = new Set([CLAIM.name, (await compositeOf(CLAIM)).metadata.name]);
  const seen = new Set(await versions());
  const objects = seen.size;
  while (Date.now() - from < QUIET_SECONDS * 1000) {
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    await sleep(LOOK_MS);
    // oxlint-disable-next-line no-await-in-loop -- one look after the other
    for (const version of await versions()) seen.add(version);
  }
  return {
    runs: (await counted('controller_runtime_reconcile_total')) - before,
    changes: seen.size - objects,
    writes: writesSince(from, names),
  };
}

/** versions name the state of the composite and of each object that it composes. */
async function versions(): Promise<readonly string[]> {
  const { name } = CLAIM;
  const objects: readonly (KubeObject | undefined)[] = await Promise.all([
    compositeOf(CLAIM),
    ...COMPOSED.map((type) => api.get({ ...type, namespace: NAMESPACE, name })),
  ]);
  return objects.map((object) => `${object?.kind} ${object?.metadata.resourceVersion}`);
}

/** counted is a counter of Crossplane's core for the controller of the claim's composites. */
async function counted(metric: string): Promise<number> {
  const text = await (await fetch(coreMetricsUrl('m'))).text();
  return text
    .split('\n')
    .filter((line) => line.startsWith(`${metric}{`) && line.includes(`"${CONTROLLER}"`))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

function writesSince(from: number, names: ReadonlySet<string | undefined>): number {
  const { events } = readEvents(readFileSync(worldFile().management.auditLog, 'utf8'));
  return events.filter(
    ({ user, verb, objectRef, requestReceivedTimestamp }) =>
      user.username === CROSSPLANE &&
      ['create', 'update', 'patch', 'delete'].includes(verb) &&
      names.has(objectRef?.name) &&
      objectRef?.apiGroup?.endsWith('managedcluster.io') === true &&
      objectRef.resource !== 'managedclusters' && // the claim: not what the pipeline writes
      microseconds(requestReceivedTimestamp) >= from * 1000,
  ).length;
}
