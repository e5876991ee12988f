import { describe, expect, it } from '@jest/globals';
import { conditionOf } from '../../lib/core/conditions.ts';
import { recordIn, type KubeObject, type OwnerReference } from '../../lib/core/object.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import { capi, machines, passedOn } from '../../test/fake/scenes.ts';
import { clusterIn, type FakeWorld } from '../../test/fake/world.ts';
import { ownershipOf } from '../core/pivot/ownership.ts';
import { find, handedOver, takeBack } from '../testing/taken-back.ts';

const LABELS = { 'cluster.x-k8s.io/cluster-name': 'demo' };
const CORE = 'cluster.x-k8s.io/v1beta2';
const INFRASTRUCTURE = 'infrastructure.cluster.x-k8s.io/v1beta2';

describe('what root in the cluster changes', () => {
  it('where and as whom comes from the record', async () => {
    const w = await handedOver();
    const infra = {
      apiVersion: INFRASTRUCTURE,
      kind: 'DevCluster',
      namespace: NAMESPACE,
      name: 'demo',
    };
    await w.workload.patch(infra, { spec: { backend: { docker: { loadBalancer: 'mine' } } } });
    const machine = { apiVersion: CORE, kind: 'Machine', namespace: NAMESPACE, name: 'demo-md-0' };
    await w.workload.patch(machine, { spec: { providerID: 'fake://victim' } });
    const cluster = { ...machine, kind: 'Cluster', name: 'demo' };
    await w.workload.patch(cluster, { spec: { controlPlaneEndpoint: { host: '203.0.113.9' } } });
    await takeBack(w);
    expect(find(w, 'DevCluster', 'demo')?.['spec']).toEqual({});
    expect(machines(w.management)).toContain('fake://demo-md-0');
    expect(machines(w.management)).not.toContain('fake://victim');
    expect(recordIn(find(w, 'Cluster', 'demo'), 'spec')?.['controlPlaneEndpoint']).toEqual({
      host: '192.0.2.1',
      port: 6443,
    });
    expect(w.events).toContain('RecordedValuesUsed');
  });

  it('labels, annotations and finalizers are taken by a list', async () => {
    const w = await handedOver();
    const ref = { apiVersion: CORE, kind: 'Cluster', namespace: NAMESPACE, name: 'demo' };
    await w.workload.patch(ref, {
      metadata: {
        labels: { cni: 'calico' },
        annotations: { 'cluster.x-k8s.io/managed-by': 'me', 'crossplane.io/paused': 'true' },
        finalizers: ['evil.example/never'],
      },
    });
    await takeBack(w);
    const { labels, annotations, finalizers } = find(w, 'Cluster', 'demo')?.metadata ?? {};
    expect(labels).toEqual({ ...LABELS, 'managedcluster.io/hold': '' });
    expect(Object.keys(annotations ?? {}).toSorted()).toEqual([
      'managedcluster.io/epoch',
      'managedcluster.io/owner',
      'managedcluster.io/source-uid',
    ]);
    expect(finalizers ?? []).toEqual([]);
  });

  it('another authority stops the take-back', async () => {
    const w = await handedOver();
    const ref = { apiVersion: 'v1', kind: 'Secret', namespace: NAMESPACE, name: 'demo-ca' };
    await w.workload.patch(ref, { data: { 'tls.crt': 'bWluZQ==' } });
    await w.pivot({ direction: 'ToManagement' }, 'back');
    const stopped = await w.run(() => true, { name: 'back' });
    expect(conditionOf(stopped, 'Ready')).toMatchObject({
      reason: 'RecordMismatch',
      message: expect.stringContaining('Secret demo-ca has another certificate'),
    });
    expect(capi(w.management)).toEqual([]);
  });

  it('a server that lies about its fence gets no unpaused copy', async () => {
    const w = await handedOver();
    const created: boolean[] = [];
    await takeBack(w, (api, side) =>
      side === 'management'
        ? {
            ...passedOn(api),
            create: (object, options) => {
              if (object.kind === 'Cluster') created.push(ownershipOf(object).paused);
              return api.create(object, options);
            },
          }
        : {
            ...passedOn(api),
            patch: async (ref, patch, options) => {
              const real = await api.patch(ref, patch, options);
              if (ref.kind !== 'Cluster') return real;
              const annotations = {
                'managedcluster.io/owner': 'management',
                'managedcluster.io/epoch': '99',
              };
              return { ...real, metadata: { ...real.metadata, annotations }, spec: {} };
            },
          },
    );
    expect(new Set(created)).toEqual(new Set([true]));
    expect(clusterIn(w.management).map(ownershipOf)).toEqual([
      { owner: 'management', epoch: 5, paused: false },
    ]);
  });

  it('a machine that its pool has created inside comes back, with all that belongs to it', async () => {
    const w = await handedOver();
    await growPool(w);
    await takeBack(w);
    expect(machines(w.management)).toContain('fake://demo-md-1-x7k2p');
    for (const kind of ['Machine', 'DevMachine', 'KubeadmConfig', 'Secret']) {
      expect(find(w, kind, 'demo-md-1-x7k2p')).toBeDefined();
    }
    expect(w.events).not.toContain('RecordedValuesUsed');
  });

  it.each([
    {
      reason: 'the providerID of a machine that was handed over',
      spec: { providerID: 'fake://demo-cp-0' },
    },
    { reason: 'bootstrap data of somebody else', spec: { bootstrap: { dataSecretName: 'other' } } },
    { reason: 'another cluster', spec: { clusterName: 'other' } },
  ])('one that names $reason stops the take-back', async ({ spec }) => {
    const w = await handedOver();
    await growPool(w, spec);
    await w.pivot({ direction: 'ToManagement' }, 'back');
    const stopped = await w.run(() => true, { name: 'back' });
    expect(conditionOf(stopped, 'Ready')).toMatchObject({
      reason: 'RecordMismatch',
      message: expect.stringContaining('Machine demo-md-1-x7k2p'),
    });
    expect(capi(w.management)).toEqual([]);
  });
});

/** A controller in the cluster has created a second machine of the pool. */
async function growPool(
  { workload }: FakeWorld,
  changed: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const name = 'demo-md-1-x7k2p';
  const set = workload.all(NAMESPACE).find(({ kind }) => kind === 'MachineSet');
  const machine = await workload.create({
    apiVersion: CORE,
    kind: 'Machine',
    metadata: { name, namespace: NAMESPACE, labels: LABELS, ownerReferences: [ownerOf(set)] },
    spec: {
      clusterName: 'demo',
      providerID: `fake://${name}`,
      bootstrap: {
        configRef: { apiGroup: 'bootstrap.cluster.x-k8s.io', kind: 'KubeadmConfig', name },
        dataSecretName: name,
      },
      ...changed,
    },
  });
  const metadata = { name, namespace: NAMESPACE, ownerReferences: [ownerOf(machine)] };
  await workload.create({ apiVersion: INFRASTRUCTURE, kind: 'DevMachine', metadata, spec: {} });
  const config = await workload.create({
    apiVersion: 'bootstrap.cluster.x-k8s.io/v1beta2',
    kind: 'KubeadmConfig',
    metadata,
    spec: {},
  });
  await workload.create({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { ...metadata, ownerReferences: [ownerOf(config)] },
    type: 'cluster.x-k8s.io/secret',
    data: { value: 'Ym9vdA==' },
  });
  await new Promise((resolve) => {
    setTimeout(resolve, 5);
  });
}

function ownerOf(object: KubeObject | undefined): OwnerReference {
  if (object === undefined) throw new Error('there is no owner');
  const { apiVersion, kind, metadata } = object;
  return { apiVersion, kind, name: metadata.name ?? '', uid: metadata.uid ?? '', controller: true };
}
