import { describe, expect, it } from '@jest/globals';
import { conditionOf } from '../../lib/core/conditions.ts';
import { EPOCH_ANNOTATION, OWNER_ANNOTATION } from '../../lib/apis/ownership.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { done, fenced, machines, world } from '../../test/fake/scenes.ts';
import { clusterIn, type FakeWorld } from '../../test/fake/world.ts';
import { ownershipOf } from '../core/pivot/ownership.ts';

/** A Machine of the cluster exists on the target without its Cluster. */
async function withMachine(annotations: Readonly<Record<string, string>>): Promise<FakeWorld> {
  const w = await world(true, 0);
  await w.workload.create({
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Machine',
    metadata: {
      name: 'demo-old',
      namespace: NAMESPACE,
      labels: { 'cluster.x-k8s.io/cluster-name': 'demo' },
      finalizers: ['machine.cluster.x-k8s.io'],
      annotations,
    },
    spec: { clusterName: 'demo' },
  });
  await w.pivot();
  return w;
}

describe('a Machine on the target whose Cluster does not exist', () => {
  it('is deleted before the fence if it is a copy', async () => {
    const w = await withMachine({ 'managedcluster.io/source-uid': 'long-gone' });
    const removing = await w.run(
      (pivot) => conditionOf(pivot, 'Ready')?.reason === 'RemovingLeftovers',
    );
    expect(conditionOf(removing, 'Ready')).toMatchObject({ reason: 'RemovingLeftovers' });
    expect(machines(w.workload)).toEqual([]);
    expect(clusterIn(w.management).map(ownershipOf)).toEqual([
      { owner: 'management', epoch: 1, paused: false },
    ]);
    const end = await w.run(done);
    expect(conditionOf(end, 'Ready')).toMatchObject({ reason: 'Completed' });
  });

  it('prevents the pivot from starting if it is not a copy', async () => {
    const w = await withMachine({});
    const stalled = await w.run((pivot) => conditionOf(pivot, 'Ready') !== undefined);
    expect(conditionOf(stalled, 'Ready')).toMatchObject({ reason: 'ForeignObject' });
    expect(clusterIn(w.management).map((cluster) => ownershipOf(cluster).paused)).toEqual([false]);
    expect(machines(w.workload)).toHaveLength(1);
  });
});

describe('a Cluster on the target that manages itself', () => {
  it('is not moved, and nobody is told to delete it: the management side was restored', async () => {
    const w = await world(true, 1);
    const [before] = clusterIn(w.management);
    // What the management side has forgotten with the restore.
    const annotations = { [OWNER_ANNOTATION]: 'workload', [EPOCH_ANNOTATION]: '3' };
    const metadata = { name: 'demo', namespace: NAMESPACE, annotations };
    await w.workload.create({ ...before!, metadata });
    await w.pivot();
    const stalled = await w.run((pivot) => conditionOf(pivot, 'Ready') !== undefined);
    expect(conditionOf(stalled, 'Ready')).toMatchObject({
      reason: 'SelfManagedAlready',
      message: expect.stringContaining('(owner workload, epoch 3)'),
    });
    expect(conditionOf(stalled, 'Ready')?.message).toContain('Do not delete anything there');
    expect(clusterIn(w.management).map(ownershipOf)).toEqual([
      { owner: 'management', epoch: 1, paused: false },
    ]);
    expect(clusterIn(w.workload).map(ownershipOf)).toEqual([
      { owner: 'workload', epoch: 3, paused: false },
    ]);
  });
});

function told(pivot: KubeObject): boolean {
  return conditionOf(pivot, 'Ready')?.reason === 'SelfManagedAlready';
}

describe('a Cluster on the target that manages itself while its source is fenced', () => {
  it('leaves the source fenced for good: the backup is from between the fence and the commit', async () => {
    const w = await fenced();
    const [before] = clusterIn(w.management);
    const annotations = { [OWNER_ANNOTATION]: 'workload', [EPOCH_ANNOTATION]: '3' };
    const metadata = { name: 'demo', namespace: NAMESPACE, annotations };
    await w.workload.create({ ...before!, metadata, spec: { paused: false } });
    await w.run(told);
    // Far longer than a fence may stand before its attempt is given up.
    w.now += 24 * 3600 * 1000;
    const later = await w.run(told);
    expect(conditionOf(later, 'Aborted')?.status).not.toBe('True');
    expect(conditionOf(later, 'Ready')?.message).not.toContain('delete or rename');
    expect(clusterIn(w.management).map((cluster) => ownershipOf(cluster))).toMatchObject([
      { owner: 'moving', paused: true },
    ]);
  });
});

describe('a ConfigMap of a tenant with the name of the anchor', () => {
  it('controls nothing, whatever it is labelled: a pivot that needs it waits until it is gone', async () => {
    const w = await world(true, 0);
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', namespace: NAMESPACE, name: 'demo-anchor' };
    const { apiVersion, kind, namespace, name } = ref;
    await w.management.create({
      apiVersion,
      kind,
      metadata: {
        namespace,
        name,
        labels: { 'managedcluster.io/cluster': 'demo' },
        finalizers: ['managedcluster.io/anchor'],
      },
    });
    const theirs = await w.management.get(ref);
    await w.pivot();
    const stalled = await w.run((pivot) => conditionOf(pivot, 'Ready')?.reason === 'ForeignObject');
    expect(conditionOf(stalled, 'Ready')?.message).toContain('ConfigMap demo-anchor');
    const owned = w.management
      .all(NAMESPACE)
      .filter(({ metadata }) =>
        metadata.ownerReferences?.some(({ uid }) => uid === theirs?.metadata.uid),
      );
    expect(owned).toEqual([]);
    expect(await w.management.get(ref)).toEqual(theirs);
  });
});
