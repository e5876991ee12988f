import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@managed-cluster/toolchain';
import { CLUSTER_PLAN, PIVOT } from '../../../lib/apis/kinds.ts';
import { HOLD_LABEL } from '../../../lib/apis/ownership.ts';
import { isTrue } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import type { ObjectRef } from '../../../lib/kube/api.ts';
import { giveAccess } from '../access.ts';
import { control, eventually, forgetAgent, workload } from '../world.ts';
import {
  api,
  begin,
  clusterRef,
  compositeRef,
  gone,
  leftIn,
  refOf,
  reportRef,
  type Subject,
} from './subjects.ts';

const BACK: Subject = { name: 'td-back', flavour: 'claim' };
const MIDDLE: Subject = { name: 'td-middle', flavour: 'composite' };
const FREE: Subject = { name: 'td-free', flavour: 'composite' };
const DEAD: Subject = { name: 'td-dead', flavour: 'claim' };
const inside = workload();

function access({ name }: Subject): string {
  return `${name}-api`;
}

/** One after the other: there is one workload site. */
export function selfManaged(): void {
  describe('a cluster that manages itself', () => {
    beforeAll(async () => {
      const pool = { nodePools: [{ name: 'workers', replicas: 1 }] };
      await Promise.all(
        [BACK, MIDDLE, FREE, DEAD].map((one) =>
          begin(one, {
            ...(one === BACK ? pool : {}),
            ...(one === FREE ? { deletionPolicy: 'Orphan' } : {}),
            agent: { kubeconfigSecretRef: { name: access(one) } },
          }),
        ),
      );
    });

    afterEach(() => control('workloadApiServer', 'start'));

    it('is taken back and removed: nothing is left', back, 400_000);
    it('is taken back half-way through its pivot', middle, 400_000);
    it('is removed from its escrow when its API is dead', dead, 400_000);
    it('with Orphan is let go, and runs on', free, 400_000);
  });
}

async function handedOver(one: Subject): Promise<void> {
  await begun(one);
  await waitForPivot(one, 'complete', (pivot) => isTrue(pivot, 'Ready'));
}

async function begun(one: Subject): Promise<void> {
  await forgetAgent();
  await giveAccess(api, one.name, access(one));
  await waitForPivot(one, 'composed', () => true);
}

async function waitForPivot(
  { name }: Subject,
  what: string,
  test: (pivot: KubeObject) => boolean,
): Promise<void> {
  await waitFor({
    what: `Pivot ${name} to be ${what}`,
    timeoutMs: 240_000,
    intervalMs: 100,
    look: async () => {
      const pivot = await api.get({ ...PIVOT, namespace: name, name });
      return pivot !== undefined && test(pivot) ? true : undefined;
    },
  });
}

/** What is left on the management side; it prints the report. */
async function leftOf(one: Subject): Promise<readonly string[]> {
  const report = await api.get(reportRef(one));
  console.log(String(recordIn(report, 'data')?.['report']));
  return leftIn(one.name);
}

/** What stays on purpose: the report, and the Secret that the user made. */
function meant(one: Subject): readonly string[] {
  return [`ConfigMap ${one.name}-teardown`, `Secret ${access(one)}`];
}

async function remove(one: Subject): Promise<void> {
  const composite = await compositeRef(one);
  await api.delete(refOf(one));
  await gone(composite);
  await gone(refOf(one));
}

async function back(): Promise<void> {
  await handedOver(BACK);
  const machines = { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'MachineDeployment' };
  await eventually(
    inside,
    { ...machines, namespace: BACK.name, name: `${BACK.name}-workers` },
    'to be available',
    (object) => isTrue(object, 'Available'),
  );
  await remove(BACK);
  expect(await leftOf(BACK)).toEqual(meant(BACK));
}

async function middle(): Promise<void> {
  await begun(MIDDLE);
  await remove(MIDDLE);
  expect(await leftOf(MIDDLE)).toEqual(meant(MIDDLE));
  expect(await inside.get(clusterRef(MIDDLE))).toBeUndefined();
}

async function free(): Promise<void> {
  await handedOver(FREE);
  await remove(FREE);
  expect(await leftOf(FREE)).toEqual(meant(FREE));
  const cluster = await inside.get(clusterRef(FREE));
  expect(cluster?.metadata).not.toHaveProperty('deletionTimestamp');
  expect(cluster?.metadata.annotations).toMatchObject({ 'managedcluster.io/owner': 'workload' });
}

async function dead(): Promise<void> {
  await handedOver(DEAD);
  await control('workloadApiServer', 'stop');
  await api.patch(refOf(DEAD), {
    metadata: { annotations: { 'managedcluster.io/force-escrow': 'true' } },
  });
  await remove(DEAD);
  expect(await leftOf(DEAD)).toEqual(meant(DEAD));
  await control('workloadApiServer', 'start');
  await waitFor({
    what: 'the workload site to work again',
    timeoutMs: 90_000,
    look: () => forgetInside(DEAD).then(() => true as const),
  });
}

/** What a machine that is gone would have taken along: the site that stands in for it lives on. */
async function forgetInside({ name }: Subject): Promise<void> {
  const { items } = await inside.list({ ...CLUSTER_PLAN, namespace: name });
  await Promise.all(
    items.map(({ metadata }) =>
      drop({ ...CLUSTER_PLAN, namespace: name, name: metadata.name ?? '' }),
    ),
  );
  const cluster = clusterRef({ name, flavour: 'claim' });
  await inside.patch(cluster, { spec: { paused: true } });
}

async function drop(ref: ObjectRef): Promise<void> {
  await inside.patch(ref, { metadata: { labels: { [HOLD_LABEL]: null } } });
  await inside.delete(ref);
}
