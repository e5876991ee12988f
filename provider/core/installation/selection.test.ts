import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../lib/core/object.ts';
import { dryRunBody } from './dry-run.ts';
import { kindsIn, providersFor, storedVersion } from './selection.ts';
import { servingsOf, trustsOnly } from './webhooks.ts';

function aCrd(kind: string, group: string, provider: string): KubeObject {
  const versions = [
    { name: 'v1beta1', storage: false },
    { name: 'v1beta2', storage: true },
  ];
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: kind, labels: { 'cluster.x-k8s.io/provider': provider } },
    spec: { group, names: { kind }, versions },
  };
}

const INFRASTRUCTURE = 'infrastructure.cluster.x-k8s.io';
const CRDS = [
  aCrd('Cluster', 'cluster.x-k8s.io', 'cluster-api'),
  aCrd('DevCluster', INFRASTRUCTURE, 'infrastructure-docker'),
  aCrd('AWSCluster', INFRASTRUCTURE, 'infrastructure-aws'),
  aCrd('KubeadmControlPlane', 'controlplane.cluster.x-k8s.io', 'control-plane-kubeadm'),
  aCrd('InClusterIPPool', 'ipam.cluster.x-k8s.io', 'ipam-in-cluster'),
];

const CLUSTER: KubeObject = {
  apiVersion: 'cluster.x-k8s.io/v1beta2',
  kind: 'Cluster',
  metadata: {
    name: 'demo',
    namespace: 'team-a',
    uid: 'u',
    annotations: { 'managedcluster.io/owner': 'moving', 'managedcluster.io/epoch': '3', a: 'b' },
  },
  spec: {
    paused: true,
    infrastructureRef: { apiGroup: INFRASTRUCTURE, kind: 'DevCluster', name: 'demo' },
    controlPlaneRef: {
      apiVersion: 'controlplane.cluster.x-k8s.io/v1beta1',
      kind: 'KubeadmControlPlane',
      name: 'demo',
    },
  },
};

const TEMPLATE: KubeObject = {
  apiVersion: `${INFRASTRUCTURE}/v1beta2`,
  kind: 'VSphereMachineTemplate',
  metadata: { name: 't' },
  spec: {
    template: {
      spec: {
        network: {
          devices: [
            {
              addressesFromPools: [{ apiGroup: 'ipam.cluster.x-k8s.io', kind: 'InClusterIPPool' }],
            },
          ],
        },
      },
    },
  },
};

describe('providersFor', () => {
  it.each([
    {
      reason: 'those of what the Cluster refers to, in both contracts',
      objects: [CLUSTER],
      names: ['cluster-api', 'control-plane-kubeadm', 'infrastructure-docker'],
    },
    {
      reason: 'those of what is referred to at any depth',
      objects: [TEMPLATE],
      names: ['cluster-api', 'ipam-in-cluster'],
    },
    { reason: 'the core alone', objects: [], names: ['cluster-api'] },
  ])('$reason', ({ objects, names }) => {
    expect(providersFor(kindsIn(objects), CRDS)).toEqual(names);
  });
});

describe('storedVersion', () => {
  it('is the storage version of the CRD', () => {
    expect(storedVersion({ group: INFRASTRUCTURE, kind: 'DevCluster' }, CRDS)).toBe('v1beta2');
    expect(storedVersion({ group: INFRASTRUCTURE, kind: 'Unknown' }, CRDS)).toBeUndefined();
  });
});

describe('dryRunBody', () => {
  it('is the object under another name, of a cluster that does not exist and without owners', () => {
    const body = dryRunBody(CLUSTER);

    expect(body.metadata).toEqual({
      name: 'demo-dry-run',
      namespace: 'team-a',
      annotations: { a: 'b' },
      labels: {
        'cluster.x-k8s.io/cluster-name': 'demo-dry-run',
        'managedcluster.io/cluster': 'demo-dry-run',
      },
    });
    expect(body['spec']).toEqual(CLUSTER['spec']);
  });

  it('refers to the other cluster wherever an object refers to its cluster', () => {
    const machine: KubeObject = {
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'Machine',
      metadata: {
        name: 'demo-abc',
        namespace: 'team-a',
        labels: { 'cluster.x-k8s.io/cluster-name': 'demo' },
      },
      spec: { clusterName: 'demo', version: 'v1.35.4' },
      status: { phase: 'Running' },
    };
    expect(dryRunBody(machine)).toMatchObject({
      metadata: { labels: { 'cluster.x-k8s.io/cluster-name': 'demo-dry-run' } },
      spec: { clusterName: 'demo-dry-run', version: 'v1.35.4' },
    });
    expect(dryRunBody(machine)).not.toHaveProperty('status');
  });
});

/** A provider whose Deployment mounts two Secrets, one of which is its serving certificate. */
function aProvider(folder: string, args: readonly string[]): readonly KubeObject[] {
  const namespace = 'capi-system';
  const labels = { 'cluster.x-k8s.io/provider': 'cluster-api' };
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingWebhookConfiguration',
      metadata: { name: 'hooks' },
      webhooks: [{ clientConfig: { service: { name: 'hook', namespace }, caBundle: 'x' } }],
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'hook', namespace, labels },
      spec: { selector: { app: 'manager' } },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'metrics', namespace, labels },
      spec: { selector: { app: 'manager' } },
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'manager', namespace, labels },
      spec: {
        template: {
          metadata: { labels: { app: 'manager' } },
          spec: {
            containers: [{ args, volumeMounts: [{ name: 'cert', mountPath: folder }] }],
            volumes: [
              { name: 'cert', secret: { secretName: 'hook-cert' } },
              { name: 'credentials', secret: { secretName: 'capa-credentials' } },
            ],
          },
        },
      },
    },
  ];
}

describe('servingsOf', () => {
  it.each([
    { reason: 'the usual folder', folder: '/tmp/k8s-webhook-server/serving-certs', args: [] },
    { reason: 'a folder of its own', folder: '/certs', args: ['--webhook-cert-dir=/certs'] },
  ])('finds the Secret by $reason', ({ folder, args }) => {
    expect(servingsOf(aProvider(folder, args))).toEqual([
      {
        provider: 'cluster-api',
        namespace: 'capi-system',
        secretName: 'hook-cert',
        dnsNames: ['hook.capi-system.svc', 'hook.capi-system.svc.cluster.local'],
      },
    ]);
  });

  it('ignores other mounted Secrets', () => {
    expect(servingsOf(aProvider('/home/.aws', []))).toEqual([]);
  });

  it('reports whether every Service reference has the bundle', () => {
    expect(trustsOnly(aProvider('/x', []), 'x')).toBe(true);
    expect(trustsOnly(aProvider('/x', []), 'y')).toBe(false);
  });
});
