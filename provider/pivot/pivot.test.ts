import { describe, expect, it } from '@jest/globals';
import { PIVOT } from '../../lib/apis/kinds.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { UnreachableError } from '../../lib/kube/errors.ts';
import { conditionOf, isTrue, recordIn } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { ownershipOf } from '../core/pivot/ownership.ts';
import { NAMESPACE } from '../../test/e2e/pivot/pretend/cluster.ts';
import type { PretendServer } from '../../test/e2e/pivot/pretend/server.ts';
import {
  clusterIn,
  PIVOT_NAME,
  PretendWorld,
  type Wrap,
} from '../../test/e2e/pivot/pretend/world.ts';

async function world(composed = false, workers = 0): Promise<PretendWorld> {
  const made = new PretendWorld();
  await made.begin({ composed, workers });
  return made;
}

function done(pivot: KubeObject): boolean {
  return isTrue(pivot, 'Ready');
}

function machines(server: PretendServer): readonly unknown[] {
  return server
    .all(NAMESPACE)
    .filter(({ kind }) => kind === 'Machine')
    .map((machine) => recordIn(machine, 'spec')?.['providerID']);
}

function capi(server: PretendServer): readonly string[] {
  return server
    .all(NAMESPACE)
    .filter(({ apiVersion }) => apiVersion.includes('cluster.x-k8s.io'))
    .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}

describe.each([
  { what: 'a cluster of its own', composed: false },
  { what: 'a composed cluster', composed: true },
])('$what', ({ composed }) => {
  it('goes to the workload side and back', async () => {
    const w = await world(composed, 2);
    const before = machines(w.management);
    await w.pivot();
    const there = await w.run(done);
    expect(there.status?.conditions?.map(({ type, status }) => `${type}=${status}`)).toEqual([
      'Aborted=False',
      'Committed=True',
      'Ready=True',
      'Released=True',
      'Synced=True',
    ]);
    expect(machines(w.workload)).toEqual(before);
    expect(capi(w.management)).toEqual([]);
    expect(clusterIn(w.workload).map(ownershipOf)).toEqual([
      { owner: 'workload', epoch: 3, paused: false },
    ]);
    await w.pivot({ direction: 'ToManagement' }, 'back');
    const back = await w.run(done, { name: 'back' });
    expect(conditionOf(back, 'Ready')?.reason).toBe('Completed');
    expect(machines(w.management)).toEqual(before);
    expect(capi(w.workload)).toEqual([]);
    expect(clusterIn(w.management).map(ownershipOf)).toEqual([
      { owner: 'management', epoch: 5, paused: false },
    ]);
    expect(w.violations).toEqual([]);
  });
});

describe('the escrow', () => {
  it('brings the cluster back when the workload side is dead for good', async () => {
    const w = await world(true, 2);
    const before = machines(w.management);
    await w.pivot();
    await w.run(done);
    await w.pivot({ direction: 'ToManagement', source: 'Escrow' }, 'back');
    const back = await w.run(done, {
      name: 'back',
      wrap: (api, side) => (side === 'workload' ? deadApi : api),
    });
    expect(conditionOf(back, 'Ready')).toMatchObject({ reason: 'Completed' });
    expect(machines(w.management)).toEqual(before);
    expect(clusterIn(w.management).map(ownershipOf)).toEqual([
      { owner: 'management', epoch: 5, paused: false },
    ]);
  });

  it('is there before anything is taken from the source', async () => {
    const w = await world(false, 0);
    await w.pivot();
    await w.run((pivot) => {
      const escrowed = w.management
        .all(NAMESPACE)
        .some(({ metadata }) =>
          Object.keys(metadata.labels ?? {}).includes('managedcluster.io/escrow'),
        );
      expect(escrowed || capi(w.management).length > 0).toBe(true);
      return done(pivot);
    });
    const kinds = w.management
      .all(NAMESPACE)
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(kinds).toEqual(['Pivot handover', 'Secret demo-escrow-1-0']);
  });

  it('is missed when there is none', async () => {
    const w = await world(false, 0);
    await w.pivot({ direction: 'ToManagement', source: 'Escrow' });
    const waiting = await w.run((pivot) => conditionOf(pivot, 'Ready')?.reason === 'NoEscrow');
    expect(conditionOf(waiting, 'Ready')).toMatchObject({ reason: 'NoEscrow' });
  });
});

describe('before anything is touched', () => {
  it.each([
    {
      reason: 'ForeignObject',
      what: 'an object of that name on the target',
      given: (w: PretendWorld) =>
        w.workload.create({
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: { name: 'demo-ca', namespace: NAMESPACE },
        }),
    },
    {
      reason: 'PoliciesMissing',
      what: 'a side without policies',
      given: (w: PretendWorld) =>
        w.workload.delete({
          apiVersion: 'admissionregistration.k8s.io/v1',
          kind: 'ValidatingAdmissionPolicy',
          name: 'fence-owner.managedcluster.io',
        }),
    },
    {
      reason: 'KindNotServed',
      what: 'a kind that the target does not know',
      given: (w: PretendWorld) =>
        w.workload.delete({
          apiVersion: 'apiextensions.k8s.io/v1',
          kind: 'CustomResourceDefinition',
          name: 'devmachines.infrastructure.cluster.x-k8s.io',
        }),
    },
    {
      reason: 'WaitingForUnpause',
      what: 'a cluster that somebody paused',
      given: (w: PretendWorld) =>
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
      given: (w: PretendWorld) =>
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

  it('a paused Pivot does nothing', async () => {
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
    expect(clusterIn(w.management).map(ownershipOf)).toEqual([
      { owner: 'management', epoch: 1, paused: false },
    ]);
  });
});

describe('behind the commit', () => {
  it('nothing is removed from a source that was un-paused by force', async () => {
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

  it('the kubeconfig stays on the management side, and is taken over on the way back', async () => {
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
    await w.pivot({ ...access, direction: 'ToManagement' }, 'back');
    const back = await w.run(done, { name: 'back' });
    expect(conditionOf(back, 'Ready')).toMatchObject({ reason: 'Completed' });
    expect((await w.management.get(ref))?.metadata.ownerReferences).toHaveLength(1);
  });
});

/** A provider that dies as soon as it has activated the target. */
function diesActivating(): Wrap {
  let dead = false;
  function alive<Result>(work: () => Promise<Result>): Promise<Result> {
    return dead ? Promise.reject(new UnreachableError('dead')) : work();
  }
  return (api, side) => ({
    ...deadApi,
    get: (ref) => alive(() => api.get(ref)),
    list: (type, options) => alive(() => api.list(type, options)),
    create: (object, options) => alive(() => api.create(object, options)),
    replace: (object, options) => alive(() => api.replace(object, options)),
    delete: (ref, options) => alive(() => api.delete(ref, options)),
    watch: (type, onEvent, options) => api.watch(type, onEvent, options),
    patch: (ref, patch, options) =>
      alive(async () => {
        const result = await api.patch(ref, patch, options);
        if (side === 'workload' && Array.isArray(patch)) dead = true;
        return result;
      }),
  });
}

function gone(): Promise<never> {
  return Promise.reject(new UnreachableError('no route'));
}

const deadApi: KubeApi = {
  get: gone,
  list: gone,
  create: gone,
  replace: gone,
  apply: gone,
  patch: gone,
  delete: gone,
  watch: gone,
  raw: gone,
};
