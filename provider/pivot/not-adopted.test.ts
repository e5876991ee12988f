import { describe, expect, it } from '@jest/globals';
import { MANAGEMENT_ANNOTATION } from '../../lib/apis/ownership.ts';
import { conditionOf } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeApi, ObjectRef } from '../../lib/kube/api.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import { done, machines } from '../../test/fake/scenes.ts';
import type { FakeWorld, Wrap } from '../../test/fake/world.ts';
import { adoption, annotate, rebuilt, root, stopped } from '../testing/adoption-subject.ts';

/** A cluster with the uid of the management side. */
function identifiedAs(w: FakeWorld, api: KubeApi): KubeApi {
  return new Proxy(api, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      if (name !== 'get') return value.bind(target) as unknown;
      return (ref: ObjectRef) => (ref.kind === 'Namespace' ? w.management.get(ref) : api.get(ref));
    },
  });
}

function kindsHere(w: FakeWorld): readonly string[] {
  return w.management
    .all(NAMESPACE)
    .map(({ kind }) => kind)
    .toSorted();
}

function secretsHere(w: FakeWorld): readonly KubeObject[] {
  return w.management.all(NAMESPACE).filter(({ kind }) => kind === 'Secret');
}

describe('a cluster is not adopted', () => {
  it('that does not manage itself, and nothing is written', async () => {
    const w = await rebuilt();
    const annotations = { 'managedcluster.io/owner': 'moving', 'managedcluster.io/epoch': '9' };
    await w.workload.patch(refOf(root(w)), { metadata: { annotations }, spec: { paused: true } });
    const before = w.workload.all(NAMESPACE);
    await adoption(w);
    const pivot = await w.run(stopped, { name: 'adoption' });
    expect(conditionOf(pivot, 'Ready')).toMatchObject({ reason: 'NotSelfManaged' });
    expect(w.workload.all(NAMESPACE)).toEqual(before);
    expect(kindsHere(w)).toEqual(['NamespacedManagedCluster', 'Pivot']);
  });

  it('whose machines another cluster on this side has', async () => {
    const w = await rebuilt();
    await w.management.create({
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'Machine',
      metadata: { name: 'rival-0', namespace: 'rival' },
      spec: { clusterName: 'rival', providerID: String(machines(w.workload)[0]) },
    });
    await adoption(w);
    const pivot = await w.run(stopped, { name: 'adoption' });
    expect(conditionOf(pivot, 'Ready')).toMatchObject({
      reason: 'MachinesClaimed',
      message: expect.stringContaining('Machine demo-cp-0'),
    });
  });

  it('that is not there, under the name of the claim', async () => {
    const w = await rebuilt();
    await adoption(w, { clusterName: 'other' });
    const pivot = await w.run(stopped, { name: 'adoption' });
    expect(conditionOf(pivot, 'Ready')).toMatchObject({
      reason: 'WaitingForCluster',
      message: expect.stringContaining('other'),
    });
  });

  it('that belongs to another management side than the claim says', async () => {
    const w = await rebuilt();
    await annotate(w, { [MANAGEMENT_ANNOTATION]: 'living' });
    const before = w.workload.all(NAMESPACE);
    await adoption(w);
    const pivot = await w.run(stopped, { name: 'adoption' });
    expect(conditionOf(pivot, 'Ready')).toMatchObject({
      reason: 'ManagedElsewhere',
      message: expect.stringContaining('create it again with spec.adoptFrom: living'),
    });
    expect(w.workload.all(NAMESPACE)).toEqual(before);
    expect(kindsHere(w)).toEqual(['NamespacedManagedCluster', 'Pivot']);
  });

  it('by a Pivot without a claim, which says nothing to compare it with', async () => {
    const w = await rebuilt();
    await w.pivot({ adoptFrom: 'old', provider: 'docker' }, 'adoption');
    const pivot = await w.run(stopped, { name: 'adoption' });
    expect(conditionOf(pivot, 'Ready')).toMatchObject({ reason: 'AdoptionMismatch' });
  });

  it('a second time, when the Pivot was lost: what is known of it is not replaced', async () => {
    const w = await rebuilt();
    await adoption(w);
    const pivot = await w.run(done, { name: 'adoption' });
    await w.management.patch(refOf(pivot), { metadata: { finalizers: null, labels: null } });
    await w.management.delete(refOf(pivot));
    const known = secretsHere(w);
    await adoption(w);
    const again = await w.run(stopped, { name: 'adoption' });
    expect(conditionOf(again, 'Ready')).toMatchObject({ reason: 'RecordExists' });
    expect(secretsHere(w)).toEqual(known);
  });

  it('through a kubeconfig of the management side', async () => {
    const w = await rebuilt();
    const wrap: Wrap = (api, side) => (side === 'workload' ? identifiedAs(w, api) : api);
    await adoption(w);
    const pivot = await w.run(stopped, { name: 'adoption', wrap });
    expect(conditionOf(pivot, 'Ready')).toMatchObject({ reason: 'TargetRefused' });
  });
});
