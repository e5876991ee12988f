import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../lib/core/object.ts';
import { controlledBy, foreignControllers, swapPatch, released } from './release.ts';
import { retirementOf } from './retirement.ts';
import { acknowledgementMissing } from './acknowledgement.ts';
import { anObject, LABEL } from '../../testing/objects.ts';

describe('released', () => {
  const owner = { apiVersion: 'v1', kind: 'Cluster', name: 'demo' };
  const root: KubeObject = {
    ...owner,
    metadata: {
      name: 'demo',
      uid: 'u1',
      ownerReferences: [{ ...owner, uid: 'x', controller: true }],
    },
  };
  const leaf: KubeObject = {
    ...root,
    metadata: {
      name: 'leaf',
      uid: 'u2',
      ownerReferences: [
        { ...owner, uid: 'u1' },
        { ...owner, uid: 'x' },
      ],
    },
  };

  it('keeps only the owners that also move', () => {
    const [first, second] = released([root, leaf]);

    expect(first?.metadata).toEqual({ name: 'demo', uid: 'u1' });
    expect(second?.metadata.ownerReferences).toEqual([{ ...owner, uid: 'u1' }]);
  });
});

describe('release', () => {
  const composite = { uid: 'x', kind: 'XManagedCluster', controller: true };
  const anchor = { uid: 'a', kind: 'ConfigMap', name: 'demo-anchor', controller: true };

  it('finds controllers that do not move, without the anchor', () => {
    const objects = [
      anObject('Cluster', 'demo', { owners: [composite] }),
      anObject('Machine', 'm', { owners: [{ uid: 'Cluster-demo', controller: true }] }),
      anObject('DevCluster', 'd', { owners: [anchor, { uid: 'user' }] }),
    ];
    expect(foreignControllers('demo', objects).map(({ uid }) => uid)).toEqual(['x']);
    expect(controlledBy(objects, composite)).toHaveLength(1);
  });

  it('swaps in place, and back', () => {
    const object = anObject('Cluster', 'demo', {
      owners: [{ uid: 'first' }, composite, { uid: 'last' }],
    });
    const to = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      name: 'demo-anchor',
      uid: 'a',
      controller: true,
    };
    const [test, replace] = swapPatch(object, composite, to);
    expect(test).toMatchObject({ op: 'test', value: '7' });
    expect(replace).toMatchObject({ value: [{ uid: 'first' }, { uid: 'a' }, { uid: 'last' }] });
  });
});

describe('retirementOf', () => {
  it('removes what is owned before its owners, the Cluster at the end, and nothing that is not the cluster’s own', () => {
    const root = anObject('Cluster', 'demo');
    const machine = anObject('Machine', 'm', { owners: [{ uid: 'Cluster-demo' }] });
    const config = anObject('KubeadmConfig', 'm', { owners: [{ uid: 'Machine-m' }] });
    const kubeconfig = anObject('Secret', 'demo-kubeconfig', { owners: [{ uid: 'Cluster-demo' }] });
    const shared = anObject('Secret', 'shared-file');
    const late = anObject('Machine', 'late', { metadata: { labels: LABEL } });
    const moved = [root, machine, config, kubeconfig, shared].map(({ kind, metadata }) => ({
      kind,
      name: metadata.name ?? '',
    }));
    const plan = retirementOf(root, [root, machine, config, kubeconfig, shared, late], {
      moved,
      keep: 'demo-kubeconfig',
    });
    expect(plan.levels.map((level) => level.map(({ kind }) => kind))).toEqual([
      ['KubeadmConfig'],
      ['Machine'],
      ['Cluster'],
    ]);
    expect(plan.kept).toEqual([kubeconfig]);
  });
});

describe('acknowledgementMissing', () => {
  const synced = { conditions: [{ type: 'Synced', status: 'True' }] };
  const ref = { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Cluster', name: 'demo' };
  const plan = { apiVersion: 'm.managedcluster.io/v1alpha1', kind: 'ClusterPlan', name: 'demo' };

  it.each([
    {
      reason: 'let go',
      given: { spec: { resourceRefs: [plan] }, status: synced },
      missing: undefined,
    },
    {
      reason: 'still refers',
      given: { spec: { resourceRefs: [plan, ref] }, status: synced },
      missing: 'still refers to 1 objects',
    },
    {
      reason: 'still refers, namespaced',
      given: { spec: { crossplane: { resourceRefs: [ref] } }, status: synced },
      missing: 'still refers',
    },
    {
      reason: 'not synced',
      given: {
        spec: {},
        status: { conditions: [{ type: 'Synced', status: 'False', reason: 'ReconcileError' }] },
      },
      missing: '(ReconcileError)',
    },
    {
      reason: 'being deleted',
      given: { spec: { resourceRefs: [ref] }, metadata: { deletionTimestamp: 'now' } },
      missing: undefined,
    },
    {
      reason: 'paused',
      given: {
        spec: { resourceRefs: [ref] },
        metadata: { annotations: { 'crossplane.io/paused': 'true' } },
      },
      missing: 'it is paused',
    },
  ])('$reason: $missing', ({ given, missing }) => {
    const said = acknowledgementMissing(anObject('XManagedCluster', 'demo', given));
    expect(missing === undefined ? said : said?.includes(missing)).toBe(
      missing === undefined ? undefined : true,
    );
  });

  it('needs none for a composite that does not exist', () => {
    expect(acknowledgementMissing(undefined)).toBeUndefined();
  });
});
