import { describe, expect, it } from '@jest/globals';
import { X_MANAGED_CLUSTER } from '../../lib/apis/kinds.ts';
import { SOURCE_UID_ANNOTATION } from '../../lib/apis/ownership.ts';
import { conditionOf } from '../../lib/core/conditions.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { StatusError } from '../../lib/kube/errors.ts';
import { CLUSTER_NAME } from '../../test/fake/cluster.ts';
import { capi } from '../../test/fake/scenes.ts';
import { FakeTeardown, type Wish } from '../../test/fake/teardown.ts';
import { ownedBy } from '../core/pivot/ownership.ts';
import { depsOf, KEY, ROOT, rootOf } from '../testing/forgotten-subject.ts';
import { clusterInside } from './inside.ts';

const COMPOSITE = { ...X_MANAGED_CLUSTER, name: CLUSTER_NAME };

/** A cluster that was not handed over as far as this side knows, and whose control plane has started. */
async function initialised(wish: Wish = {}): Promise<FakeTeardown> {
  const scene = new FakeTeardown();
  await scene.begin('BeforePivot', { ...wish, keep: true });
  await scene.world.management.patch(
    COMPOSITE,
    { status: { conditions: [{ type: 'ControlPlaneInitialized', status: 'True' }] } },
    { subresource: 'status' },
  );
  return scene;
}

/** The cluster manages itself, and nobody has asked it yet. */
async function managesItself({ world }: FakeTeardown): Promise<void> {
  const source = { [SOURCE_UID_ANNOTATION]: (await rootOf(world)).metadata.uid ?? '' };
  const metadata = { ...KEY, annotations: { ...ownedBy('workload', 3), ...source } };
  await world.workload.create({ ...ROOT, metadata, spec: { paused: true } });
}

/** It answers with an error when it is asked for its Cluster. */
function failing({ world: { workload } }: FakeTeardown): () => void {
  const get = workload.get.bind(workload);
  workload.get = (ref) =>
    ref.kind === 'Cluster' ? Promise.reject(new StatusError('get', 500, {})) : get(ref);
  return () => {
    workload.get = get;
  };
}

async function reason(scene: FakeTeardown): Promise<unknown> {
  return conditionOf(await scene.composite(), 'Operational')?.reason;
}

describe('a cluster whose claim is deleted', () => {
  it.each([
    { deletionPolicy: 'Delete', ends: false, left: 'SelfManagedAlready' },
    { deletionPolicy: 'Orphan', ends: true, left: undefined },
  ])(
    'is asked before anything is done: $deletionPolicy',
    async ({ deletionPolicy, ends, left }) => {
      const scene = await initialised({ spec: { deletionPolicy } });
      await managesItself(scene);
      await scene.deleteComposite();
      expect(await scene.run()).toBe(ends);
      expect(await reason(scene)).toBe(left);
      expect(scene.order).toEqual([]);
      expect(capi(scene.world.management).length === 0).toBe(ends);
    },
  );

  it.each(['Delete', 'Orphan'])(
    'stays while it answers with an error, with policy %s',
    async (policy) => {
      const scene = await initialised({ spec: { deletionPolicy: policy } });
      const before = capi(scene.world.management);
      const mend = failing(scene);
      await scene.deleteComposite();
      expect(await scene.run()).toBe(false);
      expect(await reason(scene)).toBe('ClusterSilent');
      expect(capi(scene.world.management)).toEqual(before);
      mend();
      expect(await scene.run()).toBe(true);
    },
  );
});

/** What is found when the claim names a kubeconfig beside that of Cluster API, with these answers. */
async function found(named: 'other' | 'none' | 'dead', own: 'ours' | 'none' | 'dead') {
  const { world } = await initialised();
  await world.management.create({
    apiVersion: 'm.managedcluster.io/v1alpha1',
    kind: 'Pivot',
    metadata: KEY,
    spec: { clusterName: CLUSTER_NAME, kubeconfigSecretRef: { name: 'named', key: 'value' } },
  });
  const answers = {
    other: { ...ROOT, metadata: { name: 'other' } },
    ours: { ...ROOT, metadata: { name: 'ours' } },
  };
  const deps = {
    ...depsOf(world),
    workload: ({ name }: { readonly name: string }) => {
      const answer = name === 'named' ? named : own;
      if (answer === 'dead') return Promise.reject(new Error('no route to host'));
      const root = answer === 'none' ? undefined : answers[answer];
      const api: Pick<KubeApi, 'get'> = { get: () => Promise.resolve(root) };
      return Promise.resolve(api as KubeApi);
    },
  };
  const here = await rootOf(world);
  const answer = await clusterInside(deps, here, ({ metadata }) => metadata.name === 'ours');
  return answer.kind === 'Silent' ? answer.failure : (answer.inside?.metadata.name ?? 'nothing');
}

describe('what a cluster says of itself', () => {
  it.each([
    ['other', 'ours', 'ours'],
    ['dead', 'ours', 'ours'],
    ['none', 'none', 'nothing'],
    ['none', 'dead', 'no route to host'],
    ['other', 'dead', 'no route to host'],
    ['dead', 'none', 'no route to host'],
  ] as const)('named kubeconfig %s, own %s: %s', async (named, own, expected) => {
    expect(await found(named, own)).toBe(expected);
  });

  it.each<[string, unknown, string]>([
    ['says that it serves other groups only', { groups: [{ name: 'apps' }] }, 'Heard'],
    ['serves the group', { groups: [{ name: 'cluster.x-k8s.io' }] }, 'Silent'],
    ['gives no list of its groups', 'ok', 'Silent'],
  ])('is an error of a server that %s', async (_case, groups, expected) => {
    const { world } = await initialised();
    const api: Pick<KubeApi, 'get' | 'raw'> = {
      get: () => Promise.reject(new StatusError('get', 500, {})),
      raw: () => Promise.resolve(groups),
    };
    const deps = depsOf(world, () => Promise.resolve(api as KubeApi));
    const { kind } = await clusterInside(deps, await rootOf(world), () => false);
    expect(kind).toBe(expected);
  });
});
