import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { PIVOT } from '../../../lib/apis/kinds.ts';
import { isTrue, recordIn } from '../../../lib/core/conditions.ts';
import { grantAccess } from '../../world/product/access.ts';
import { control, eventually, workload, worldFile } from '../world.ts';
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
    it('with Orphan is let go, and runs on', free, 400_000);
    it('is removed from its escrow when its API is dead', dead, 400_000);
  });
}

async function handedOver(one: Subject): Promise<void> {
  await grantAccess(api, { namespace: one.name, name: access(one) }, worldFile().access);
  const pivot = { ...PIVOT, namespace: one.name, name: one.name };
  for (const type of ['Committed', 'Ready']) {
    // oxlint-disable-next-line no-await-in-loop -- in order
    await eventually(api, await present(pivot), `to be ${type}`, (object) => isTrue(object, type));
  }
}

/** A Pivot is composed only when all of gate G2 is open. */
async function present(
  ref: typeof PIVOT & { readonly namespace: string; readonly name: string },
): Promise<typeof ref> {
  await eventually(api, ref, 'to be composed');
  return ref;
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
  await grantAccess(api, { namespace: MIDDLE.name, name: access(MIDDLE) }, worldFile().access);
  await present({ ...PIVOT, namespace: MIDDLE.name, name: MIDDLE.name });
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
}
