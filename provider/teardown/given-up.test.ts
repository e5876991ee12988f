import { describe, expect, it } from '@jest/globals';
import { CLUSTER } from '../../capi/kinds.ts';
import { PIVOT } from '../../lib/apis/kinds.ts';
import { conditionOf, isTrue } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { WriteCount } from '../../test/fake/write-count.ts';
import { CLUSTER_NAME, NAMESPACE } from '../../test/fake/cluster.ts';
import { FakeTeardown } from '../../test/fake/teardown.ts';
import { ownershipOf } from '../core/pivot/ownership.ts';

const FORCED = { annotations: { 'managedcluster.io/force-escrow': 'true' } };
const NAMED = { namespace: NAMESPACE, name: CLUSTER_NAME };

function titles({ world }: FakeTeardown): readonly string[] {
  const all = world.management.all(NAMESPACE);
  return all.map(({ kind, metadata }) => `${kind} ${metadata.name}`).toSorted();
}

async function workloadCluster({ world }: FakeTeardown): Promise<KubeObject> {
  const cluster = await world.workload.get({ ...CLUSTER, ...NAMED });
  if (cluster === undefined) throw new Error('there is no copy');
  return cluster;
}

describe('a pivot whose target died after its commit', () => {
  it('is given up, and never unpauses the copy when the target returns', async () => {
    const teardown = new FakeTeardown();
    await teardown.begin('Committed', FORCED);
    const before = ownershipOf(await workloadCluster(teardown));
    teardown.dead = true;
    const { management } = teardown.world;
    const passOn = teardown.passes();
    await passOn();
    teardown.dead = false;
    const pivot = await teardown.world.run(() => false, { name: CLUSTER_NAME });

    expect(conditionOf(pivot, 'Ready')).toMatchObject({ status: 'False', reason: 'Abandoned' });
    expect(ownershipOf(await workloadCluster(teardown))).toEqual(before);
    expect(before).toMatchObject({ owner: 'moving', paused: true });
    await passOn();
    const back = await management.get({ ...PIVOT, namespace: NAMESPACE, name: 'demo-back' });
    expect(back).toMatchObject({ spec: { source: 'Escrow' } });
    expect(await teardown.run()).toBe(true);
    expect(teardown.world.violations).toEqual([]);
    expect(titles(teardown)).toEqual(['ConfigMap demo-teardown']);
  });

  it('is left alone while the target is not known to be dead', async () => {
    const teardown = new FakeTeardown();
    await teardown.begin('Committed');
    teardown.dead = true;
    const passOn = teardown.passes();
    await passOn();
    await passOn();
    const composite = await teardown.composite();

    expect(await teardown.world.state(CLUSTER_NAME)).not.toHaveProperty([
      'metadata',
      'annotations',
      'managedcluster.io/give-up',
    ]);
    expect(conditionOf(composite, 'Operational')).toMatchObject({ reason: 'FinishingPivot' });
    expect(conditionOf(composite, 'Operational')?.message).toContain('in 10 min');
  });
});

describe('a cluster that a user has taken back manually', () => {
  it.each([{ dead: false }, { dead: true }])(
    'is removed from this side (its API server is dead: $dead)',
    async ({ dead }) => {
      const teardown = new FakeTeardown();
      await teardown.begin('SelfManaged', { keep: true });
      await teardown.world.pivot({ direction: 'ToManagement' }, 'by-hand');
      const pivot = await teardown.world.run((one) => isTrue(one, 'Ready'), { name: 'by-hand' });
      expect(isTrue(pivot, 'Ready')).toBe(true);
      teardown.dead = dead;
      await teardown.deleteComposite();

      expect(await teardown.run()).toBe(true);
      expect(titles(teardown)).toEqual(['ConfigMap demo-teardown', 'Pivot by-hand']);
      expect(teardown.order.at(-1)).toBe('Cluster');
    },
  );

  it('is also removed from this side if that Pivot has not finished, which then gives up', async () => {
    const whole = new WriteCount();
    await takenBack(whole);
    const cut = new WriteCount({ at: whole.writes - 1, when: 'After' });
    const teardown = await takenBack(cut);
    const pivot = await teardown.world.state('by-hand');
    expect([isTrue(pivot, 'Committed'), isTrue(pivot, 'Ready')]).toEqual([true, false]);
    await teardown.deleteComposite();

    await teardown.passes()();
    const after = await teardown.world.run(() => false, { name: 'by-hand' });
    expect(conditionOf(after, 'Ready')).toMatchObject({ status: 'False', reason: 'Abandoned' });
    expect(await teardown.run()).toBe(true);
    expect(titles(teardown)).toEqual(['ConfigMap demo-teardown', 'Pivot by-hand']);
  });
});

async function takenBack(count: WriteCount): Promise<FakeTeardown> {
  const teardown = new FakeTeardown();
  await teardown.begin('SelfManaged', { keep: true });
  await teardown.world.pivot({ direction: 'ToManagement' }, 'by-hand');
  await teardown.world.run((one) => isTrue(one, 'Ready'), {
    name: 'by-hand',
    wrap: count.wrap,
    isDead: () => count.dead,
  });
  return teardown;
}
