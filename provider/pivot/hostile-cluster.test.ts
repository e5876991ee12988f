import { describe, expect, it } from '@jest/globals';
import { conditionOf } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import { capi, machines, passedOn } from '../../test/fake/scenes.ts';
import { clusterIn, type Wrap } from '../../test/fake/world.ts';
import { ownershipOf } from '../core/pivot/ownership.ts';
import { handedOver, notedCreate, takeBack } from '../testing/taken-back.ts';

const LABELS = { 'cluster.x-k8s.io/cluster-name': 'demo' };
const CORE = 'cluster.x-k8s.io/v1beta2';
const INFRASTRUCTURE = 'infrastructure.cluster.x-k8s.io/v1beta2';
const TYPE = 'cluster.x-k8s.io/secret';

function named(name: string): KubeObject['metadata'] {
  return { name, namespace: NAMESPACE, labels: LABELS };
}

function secret(name: string, data: Readonly<Record<string, string>>): KubeObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: named(name), type: TYPE, data };
}

/** A CRD by which the source pretends that a kind belongs to Cluster API. */
function crd(group: string, version: string, kind: string): KubeObject {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: {
      name: `${kind.toLowerCase()}s.${group}`,
      labels: { 'cluster.x-k8s.io/provider': 'cluster-api' },
    },
    spec: {
      group,
      scope: 'Namespaced',
      names: { kind },
      versions: [{ name: version, served: true, storage: true }],
    },
  };
}

describe('what root in the cluster adds never reaches the management side', () => {
  it.each<{ attack: string; objects: readonly KubeObject[]; crds?: readonly KubeObject[] }>([
    {
      attack: 'a kubeconfig that names a server and a token file',
      objects: [secret('demo-kubeconfig', { value: 'Zm9yZ2Vk' })],
    },
    {
      attack: 'a ClusterResourceSet for the clusters of others',
      objects: [
        {
          apiVersion: 'addons.cluster.x-k8s.io/v1beta2',
          kind: 'ClusterResourceSet',
          metadata: named('demo-rs'),
          spec: { clusterSelector: { matchExpressions: [{ key: 'a', operator: 'Exists' }] } },
        },
        { ...secret('demo-rs', { a: 'YQ==' }), type: 'addons.cluster.x-k8s.io/resource-set' },
      ],
      crds: [crd('addons.cluster.x-k8s.io', 'v1beta2', 'ClusterResourceSet')],
    },
    {
      attack: 'another Cluster with an infrastructure of its own',
      objects: [
        {
          apiVersion: CORE,
          kind: 'Cluster',
          metadata: { ...named('miner'), annotations: { 'managedcluster.io/owner': 'workload' } },
          spec: { infrastructureRef: { kind: 'DevCluster', name: 'miner' } },
        },
        { apiVersion: INFRASTRUCTURE, kind: 'DevCluster', metadata: named('miner'), spec: {} },
      ],
    },
    {
      attack: 'the authority of a cluster that is yet to come',
      objects: [
        secret('next-cluster-ca', { 'tls.crt': 'YQ==', 'tls.key': 'YQ==' }),
        secret('demo-etcd', { 'tls.crt': 'YQ==', 'tls.key': 'YQ==' }),
      ],
    },
    {
      attack: 'a machine with the ID of a machine of somebody else',
      objects: [
        {
          apiVersion: CORE,
          kind: 'Machine',
          metadata: named('demo-stolen'),
          spec: { clusterName: 'demo', providerID: 'fake://victim' },
        },
        {
          apiVersion: INFRASTRUCTURE,
          kind: 'DevMachine',
          metadata: named('demo-stolen'),
          spec: { providerID: 'fake://victim' },
        },
      ],
    },
    {
      attack: 'a Role and a RoleBinding, by CRDs of these names',
      objects: ['Role', 'RoleBinding'].map((kind) => ({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind,
        metadata: named('demo-agent'),
        rules: [{ apiGroups: [''], resources: ['secrets'], verbs: ['*'] }],
      })),
      crds: [
        crd('rbac.authorization.k8s.io', 'v1', 'Role'),
        crd('rbac.authorization.k8s.io', 'v1', 'RoleBinding'),
      ],
    },
  ])('$attack', async ({ objects, crds = [] }) => {
    const w = await handedOver();
    const before = machines(w.workload);
    await Promise.all([...objects, ...crds].map((object) => w.workload.create(object)));
    const asked: string[] = [];
    const back = await takeBack(w, (api, side) =>
      side === 'workload' ? api : { ...passedOn(api), create: notedCreate(api, asked) },
    );
    expect(conditionOf(back, 'Ready')).toMatchObject({ reason: 'Completed' });
    const hostile = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(asked.filter((name) => hostile.includes(name))).toEqual([]);
    expect(machines(w.management)).toEqual(before);
  });

  it.each([
    { what: 'an authority', late: secret('next-cluster-ca', { 'tls.crt': 'YQ==' }) },
    {
      what: 'a Role, whose kind the management side serves without a CRD',
      late: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: named('evil') },
    },
  ])('what is created behind the fence is as little believed: $what', async ({ late }) => {
    const w = await handedOver();
    await w.workload.create(crd('rbac.authorization.k8s.io', 'v1', 'Role'));
    const asked: string[] = [];
    const wrap: Wrap = (api, side) =>
      side === 'management'
        ? { ...passedOn(api), create: notedCreate(api, asked) }
        : {
            ...passedOn(api),
            patch: async (ref, patch, options) => {
              if (ref.kind === 'Cluster') await w.workload.create(late).catch(() => undefined);
              return api.patch(ref, patch, options);
            },
          };
    await takeBack(w, wrap);
    expect(capi(w.management)).toContain('Cluster demo');
    expect(asked).not.toContain(`${late.kind} ${late.metadata.name}`);
  });
});

describe('an object of another cluster on the management side', () => {
  it.each([
    { reason: 'a copy of another cluster', annotations: { 'managedcluster.io/source-uid': 'x' } },
    { reason: 'not a copy', annotations: {} },
  ])('is neither overwritten nor removed: $reason', async ({ annotations }) => {
    const w = await handedOver();
    const other = {
      apiVersion: CORE,
      kind: 'Machine',
      metadata: {
        name: 'demo-md-0',
        namespace: NAMESPACE,
        labels: { 'cluster.x-k8s.io/cluster-name': 'other' },
        annotations,
      },
      spec: { clusterName: 'other', providerID: 'fake://other' },
    };
    await w.pivot({ direction: 'ToManagement' }, 'back');
    // It appears behind the fence: at the copy, and so at the clean-up of the abort.
    const wrap: Wrap = (api, side) => ({
      ...passedOn(api),
      patch: async (ref, patch, options) => {
        const isFence = side === 'workload' && ref.kind === 'Cluster';
        if (isFence) await w.management.create(other).catch(() => undefined);
        return api.patch(ref, patch, options);
      },
    });
    const stopped = await w.run(
      (pivot) => conditionOf(pivot, 'Ready')?.reason === 'ForeignObject',
      { name: 'back', wrap },
    );
    expect(conditionOf(stopped, 'Ready')?.reason).toBe('ForeignObject');
    await w.management.patch(refOf(stopped), { spec: { abort: true } });
    await w.run(() => false, { name: 'back' });
    expect(capi(w.management)).toEqual(['Machine demo-md-0']);
    expect(machines(w.management)).toEqual(['fake://other']);
    expect(clusterIn(w.workload).map(ownershipOf)).toMatchObject([{ owner: 'workload' }]);
  });
});
