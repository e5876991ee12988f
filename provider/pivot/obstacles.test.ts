import { describe, expect, it } from '@jest/globals';
import { PIVOT } from '../../lib/apis/kinds.ts';
import { conditionOf, isTrue } from '../../lib/core/conditions.ts';
import { diesActivating, done, machines, world } from '../../test/fake/scenes.ts';
import { crdOf, NAMESPACE } from '../../test/fake/cluster.ts';
import { clusterIn, PIVOT_NAME, type FakeWorld } from '../../test/fake/world.ts';
import { ownershipOf } from '../core/pivot/ownership.ts';

describe('before anything is changed', () => {
  it.each([
    {
      reason: 'ForeignObject',
      what: 'an object of that name on the target',
      given: (w: FakeWorld) =>
        w.workload.create({
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 'demo-ca', namespace: NAMESPACE },
        }),
    },
    {
      reason: 'PoliciesMissing',
      what: 'a side without policies',
      given: (w: FakeWorld) =>
        w.workload.delete({
          apiVersion: 'admissionregistration.k8s.io/v1',
          kind: 'ValidatingAdmissionPolicy',
          name: 'fence-owner.managedcluster.io',
        }),
    },
    {
      reason: 'KindNotServed',
      what: 'a kind that the target does not know',
      given: (w: FakeWorld) =>
        w.workload.delete({
          apiVersion: 'apiextensions.k8s.io/v1',
          kind: 'CustomResourceDefinition',
          name: 'devmachines.infrastructure.cluster.x-k8s.io',
        }),
    },
    {
      reason: 'KindNotMovable',
      what: 'an object of a kind that the provider has no permission for',
      given: async (w: FakeWorld) => {
        const apiVersion = 'infrastructure.cluster.x-k8s.io/v1beta2';
        const labels = { 'cluster.x-k8s.io/cluster-name': 'demo' };
        const metadata = { name: 'strange', namespace: NAMESPACE, labels };
        await w.management.create(crdOf(apiVersion, 'StrangeMachine'));
        await w.management.create({ apiVersion, kind: 'StrangeMachine', metadata });
      },
    },
    {
      reason: 'WaitingForUnpause',
      what: 'a cluster that somebody paused',
      given: (w: FakeWorld) =>
        w.management.patch(
          {
            apiVersion: 'cluster.x-k8s.io/v1beta2',
            kind: 'Cluster',
            namespace: NAMESPACE,
            name: 'demo',
          },
          { spec: { paused: true } },
        ),
    },
    {
      reason: 'NotTheOwner',
      what: 'a cluster that another pivot moves',
      given: (w: FakeWorld) =>
        w.management.patch(
          {
            apiVersion: 'cluster.x-k8s.io/v1beta2',
            kind: 'Cluster',
            namespace: NAMESPACE,
            name: 'demo',
          },
          {
            metadata: {
              annotations: { 'managedcluster.io/owner': 'moving', 'managedcluster.io/epoch': '9' },
            },
            spec: { paused: true },
          },
        ),
    },
  ])('$what: $reason', async ({ reason, given }) => {
    const w = await world(true, 0);
    await given(w);
    await w.controllers.management.settled();
    const before = JSON.stringify(w.management.all(NAMESPACE));
    await w.pivot();
    const waiting = await w.run((pivot) => conditionOf(pivot, 'Ready') !== undefined);
    expect(conditionOf(waiting, 'Ready')).toMatchObject({ status: 'False', reason });
    expect(w.management.all(NAMESPACE).filter(({ kind }) => kind !== 'Pivot')).toEqual(
      JSON.parse(before),
    );
  });

  it('a paused Pivot does nothing, and may be deleted', async () => {
    const w = await world(true, 0);
    await w.pivot();
    await w.management.patch(
      { ...PIVOT, namespace: NAMESPACE, name: PIVOT_NAME },
      { metadata: { annotations: { 'crossplane.io/paused': 'true' } } },
    );
    const paused = await w.run((pivot) => conditionOf(pivot, 'Synced') !== undefined);
    expect(conditionOf(paused, 'Synced')).toMatchObject({
      status: 'False',
      reason: 'ReconcilePaused',
    });
    expect(paused.metadata.finalizers ?? []).toEqual([]);
    expect(clusterIn(w.management).map(ownershipOf)).toEqual([
      { owner: 'management', epoch: 1, paused: false },
    ]);
  });
});

describe('after the commit', () => {
  it('nothing is removed from a source that was unpaused by force', async () => {
    const w = await world(false, 0);
    await w.pivot();
    await w.run((pivot) => isTrue(pivot, 'Committed'), { wrap: diesActivating() });
    const ref = {
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'Cluster',
      namespace: NAMESPACE,
      name: 'demo',
    };
    w.management.onChange = () => undefined;
    await w.management.patch(ref, {
      metadata: {
        annotations: { 'managedcluster.io/owner': 'management', 'managedcluster.io/epoch': '9' },
      },
      spec: { paused: null },
    });
    const stalled = await w.run(
      (pivot) => conditionOf(pivot, 'Ready')?.reason === 'SourceNotFenced',
    );
    expect(conditionOf(stalled, 'Ready')).toMatchObject({ reason: 'SourceNotFenced' });
    expect(machines(w.management)).toHaveLength(1);
  });

  it('the kubeconfig is kept on the management side, and never taken from the cluster', async () => {
    const w = await world(false, 0);
    const [cluster] = clusterIn(w.management);
    const owner = {
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'Cluster',
      name: 'demo',
      uid: cluster?.metadata.uid ?? '',
    };
    const metadata = { name: 'demo-kubeconfig', namespace: NAMESPACE, ownerReferences: [owner] };
    await w.management.create({ apiVersion: 'v1', kind: 'Secret', metadata, data: {} });
    const access = { kubeconfigSecretRef: { name: 'demo-kubeconfig', key: 'value' } };
    await w.pivot(access);
    await w.run(done);
    const ref = { apiVersion: 'v1', kind: 'Secret', namespace: NAMESPACE, name: 'demo-kubeconfig' };
    const kept = await w.management.get(ref);
    expect(kept?.metadata.ownerReferences).toBeUndefined();
    expect(kept?.metadata.labels).toEqual({ 'managedcluster.io/cluster': 'demo' });
    const forged = { data: { value: 'Zm9yZ2Vk' } };
    await w.workload.patch(ref, forged);
    await w.pivot({ ...access, direction: 'ToManagement' }, 'back');
    const back = await w.run(done, { name: 'back' });
    expect(conditionOf(back, 'Ready')).toMatchObject({ reason: 'Completed' });
    expect(await w.management.get(ref)).toEqual(kept);
  });
});
