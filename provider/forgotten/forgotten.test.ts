import { describe, expect, it } from '@jest/globals';
import { X_MANAGED_CLUSTER } from '../../lib/apis/kinds.ts';
import { SOURCE_UID_ANNOTATION } from '../../lib/apis/ownership.ts';
import { conditionOf } from '../../lib/core/conditions.ts';
import { recordIn } from '../../lib/core/object.ts';
import { CLUSTER_NAME } from '../../test/fake/cluster.ts';
import { capi, machines } from '../../test/fake/scenes.ts';
import { FakeTeardown, type Stage, type Wish } from '../../test/fake/teardown.ts';
import { ownedBy, ownershipOf } from '../core/pivot/ownership.ts';
import { depsOf, KEY, ROOT, rootOf } from '../testing/forgotten-subject.ts';
import { forgottenController } from './controller.ts';

const COMPOSITE = { ...X_MANAGED_CLUSTER, name: CLUSTER_NAME };
const { signal } = new AbortController();

/** A management side whose cluster manages itself, which it does not know. */
async function restoredTo(stage: Stage, wish: Wish = {}): Promise<FakeTeardown> {
  const scene = new FakeTeardown();
  await scene.begin(stage, { keep: true, ...wish });
  const { management, workload } = scene.world;
  const annotations = ownedBy('workload', 5);
  const inside = await workload.get(ROOT);
  if (inside === undefined) {
    const here = await management.get(ROOT);
    const source = { [SOURCE_UID_ANNOTATION]: here?.metadata.uid ?? '' };
    const metadata = { ...KEY, annotations: { ...annotations, ...source } };
    await workload.create({ ...ROOT, metadata, spec: { ...recordIn(here, 'spec'), paused: true } });
  } else await workload.patch(ROOT, { metadata: { annotations } });
  await forgottenController(depsOf(scene.world)).reconciler.reconcile(KEY, signal);
  // Active only now: the test world knows no moment before the answer.
  await workload.patch(ROOT, { spec: { paused: null } });
  return scene;
}

describe('a management side that was restored to before a handover', () => {
  it.each<Stage>(['BeforePivot', 'BeforeCommit'])('%s: pauses its Cluster', async (stage) => {
    const { world } = await restoredTo(stage);
    expect(ownershipOf(await rootOf(world))).toEqual({ owner: 'workload', epoch: 5, paused: true });
    expect(world.events).toContain('SelfManagedAlready');
    expect(world.violations).toEqual([]);
  });

  it.each<Stage>(['BeforePivot', 'BeforeCommit'])(
    '%s: keeps it paused when the object is deleted, and says what to do',
    async (stage) => {
      const scene = await restoredTo(stage);
      const inside = machines(scene.world.workload);
      await scene.deleteComposite();
      expect(await scene.run()).toBe(false);
      const operational = conditionOf(await scene.composite(), 'Operational');
      expect(operational).toMatchObject({ reason: 'SelfManagedAlready' });
      expect(operational?.message).toContain('Set spec.deletionPolicy to Orphan');
      expect(ownershipOf(await rootOf(scene.world)).paused).toBe(true);
      expect(scene.order).toEqual([]);
      expect(machines(scene.world.workload)).toEqual(inside);
      expect(scene.world.violations).toEqual([]);
    },
  );

  it.each<Stage>(['BeforePivot', 'BeforeCommit'])(
    '%s: lets the cluster go with deletionPolicy Orphan: its old copies are removed without their controllers',
    async (stage) => {
      const scene = await restoredTo(stage, { spec: { deletionPolicy: 'Orphan' } });
      const inside = capi(scene.world.workload);
      await scene.deleteComposite();
      expect(await scene.run()).toBe(true);
      expect(capi(scene.world.management)).toEqual([]);
      expect(scene.order).toEqual([]);
      expect(capi(scene.world.workload)).toEqual(inside);
    },
  );

  it('removes what it knows when a user insists', async () => {
    const annotations = { 'managedcluster.io/force-escrow': 'true' };
    const scene = await restoredTo('BeforePivot', { annotations });
    await scene.world.workload.patch(ROOT, { spec: { paused: true } });
    await scene.deleteComposite();
    expect(await scene.run()).toBe(true);
    expect(scene.order).toContain('Machine');
    expect(capi(scene.world.management)).toEqual([]);
  });
});

describe('a cluster that is asked', () => {
  it('is not asked again by each event', async () => {
    let asked = 0;
    let now = 0;
    const scene = new FakeTeardown();
    await scene.begin('BeforePivot', { keep: true });
    const deps = depsOf(scene.world, () => {
      asked += 1;
      return Promise.resolve(scene.world.workload);
    });
    const { reconciler } = forgottenController(deps, () => now);
    expect(await reconciler.reconcile(KEY, signal)).toEqual({ requeueAfterMs: 60_000 });
    const once = asked;
    now += 2000;
    expect(await reconciler.reconcile(KEY, signal)).toEqual({ requeueAfterMs: 3000 });
    expect(asked).toBe(once);
    now += 3000;
    await reconciler.reconcile(KEY, signal);
    expect(asked).toBe(2 * once);
  });

  it('is not removed while it does not answer, until it counts as dead or a user insists', async () => {
    const scene = new FakeTeardown();
    await scene.begin('BeforePivot', { keep: true });
    scene.dead = true;
    await scene.world.management.patch(
      COMPOSITE,
      { status: { conditions: [{ type: 'ControlPlaneInitialized', status: 'True' }] } },
      { subresource: 'status' },
    );
    await scene.deleteComposite();
    expect(await scene.run()).toBe(false);
    const operational = conditionOf(await scene.composite(), 'Operational');
    expect(operational).toMatchObject({ reason: 'ClusterSilent' });
    expect(scene.order).toEqual([]);
    const annotations = { 'managedcluster.io/force-escrow': 'true' };
    await scene.world.management.patch(COMPOSITE, { metadata: { annotations } });
    expect(await scene.run()).toBe(true);
    expect(scene.order).toContain('Machine');
  });
});
