import { describe, expect, it } from '@jest/globals';
import { conditionOf, isTrue } from '../../lib/core/conditions.ts';
import { done, machines, passedOn, world } from '../../test/fake/scenes.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import { clusterIn, type Wrap } from '../../test/fake/world.ts';

describe('while fenced', () => {
  const CONTROL_PLANE = {
    apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
    kind: 'KubeadmControlPlane',
    namespace: NAMESPACE,
    name: 'demo-cp',
  };
  const MACHINE = {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Machine',
    namespace: NAMESPACE,
    name: 'demo-cp-0',
  };

  it.each([true, false])(
    'changes on the source are copied as well; composed: %s',
    async (composed) => {
      const w = await world(composed, 0);
      await w.pivot();
      const wrap = meanwhile(() => w.management.patch(CONTROL_PLANE, { spec: { version: 'v9' } }));
      const end = await w.run(done, { wrap });
      expect(conditionOf(end, 'Ready')).toMatchObject({ reason: 'Completed' });
      expect(await w.workload.get(CONTROL_PLANE)).toMatchObject({ spec: { version: 'v9' } });
    },
  );

  it('a controller that has missed the pause is triggered, without a trace', async () => {
    const w = await world(false, 0);
    await w.pivot();
    const told = w.management.onChange;
    // The controllers only observe changes of Machines, as after a pause that came too early for their
    // cache.
    w.management.onChange = (object) => {
      if (object.kind !== 'Cluster') told(object);
    };
    const end = await w.run(done);
    expect(conditionOf(end, 'Ready')).toMatchObject({ reason: 'Completed' });
    const [machine] = w.workload.all(NAMESPACE).filter(({ kind }) => kind === 'Machine');
    expect(machine?.metadata.annotations).not.toHaveProperty([
      'managedcluster.io/reconcile-trigger',
    ]);
  });

  it('a deleted copy is created again', async () => {
    const w = await world(false, 0);
    await w.pivot();
    const wrap = meanwhile(() => w.workload.delete(MACHINE));
    const end = await w.run(done, { wrap });
    expect(conditionOf(end, 'Ready')).toMatchObject({ reason: 'Completed' });
    expect(machines(w.workload)).toHaveLength(1);
    expect(w.workload.all(NAMESPACE).filter(({ metadata }) => metadata.deletionTimestamp)).toEqual(
      [],
    );
  });

  it('a deletion on the source aborts: it can finish only while the cluster is not fenced', async () => {
    const w = await world(false, 0);
    await w.pivot();
    const wrap = meanwhile(() => w.management.delete(MACHINE));
    const end = await w.run(
      (pivot) => isTrue(pivot, 'Aborted') && pivot.status?.phase === 'Aborted',
      { wrap },
    );
    expect(conditionOf(end, 'Aborted')).toMatchObject({ reason: 'DeletionUnderWay' });
    expect(clusterIn(w.workload)).toEqual([]);
    expect(w.violations).toEqual([]);
  });
});

/** Acts once while copies are created. */
function meanwhile(act: () => Promise<unknown>): Wrap {
  let acted = false;
  return (api) => ({
    ...passedOn(api),
    patch: async (ref, patch, options) => {
      const result = await api.patch(ref, patch, options);
      if (!acted && ref.kind === 'KubeadmControlPlane' && options?.subresource === 'status') {
        acted = true;
        await act();
      }
      return result;
    },
  });
}
