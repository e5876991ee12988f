import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../lib/core/object.ts';
import { overrideProblems } from './overrides.ts';
import { aCluster } from './testing/clusters.ts';

describe('touched', () => {
  it.each<{ reason: string; kind: string; patch: JsonObject; field: string }>([
    { reason: 'identity', kind: 'Cluster', patch: { apiVersion: 'x/v1' }, field: 'apiVersion' },
    { reason: 'identity', kind: 'Cluster', patch: { kind: 'X' }, field: 'kind' },
    {
      reason: 'identity',
      kind: 'Cluster',
      patch: { metadata: { name: 'x' } },
      field: 'metadata.name',
    },
    {
      reason: 'identity',
      kind: 'Cluster',
      patch: { metadata: { namespace: 'x' } },
      field: 'metadata.namespace',
    },
    {
      reason: 'owner',
      kind: 'Cluster',
      patch: { metadata: { ownerReferences: [] } },
      field: 'metadata.ownerReferences',
    },
    {
      reason: 'finalizers',
      kind: 'Cluster',
      patch: { metadata: { finalizers: [] } },
      field: 'metadata.finalizers',
    },
    {
      reason: 'Secret of another cluster, in a file',
      kind: 'KubeadmControlPlane',
      patch: { spec: { kubeadmConfigSpec: { files: [secretFile('contentFrom')] } } },
      field: 'contentFrom',
    },
    {
      reason: 'Secret of another cluster, in a file of a pool',
      kind: 'KubeadmConfigTemplate',
      patch: { spec: { template: { spec: { users: [secretFile('passwdFrom')] } } } },
      field: 'passwdFrom',
    },
    { reason: 'all metadata', kind: 'Cluster', patch: { metadata: null }, field: 'metadata' },
    {
      reason: 'server that gets the password',
      kind: 'DevCluster',
      patch: { spec: { server: 'collector.attacker.example' } },
      field: 'spec.server',
    },
    {
      reason: 'server that gets the password, of a machine',
      kind: 'DevMachineTemplate',
      patch: { spec: { template: { spec: { server: 'collector.attacker.example' } } } },
      field: 'spec.template.spec.server',
    },
    {
      reason: 'all labels',
      kind: 'Cluster',
      patch: { metadata: { labels: null } },
      field: 'metadata.labels.managedcluster.io/',
    },
    {
      reason: 'all annotations',
      kind: 'DevCluster',
      patch: { metadata: { annotations: null } },
      field: 'metadata.annotations.managedcluster.io/',
    },
    {
      reason: 'our label',
      kind: 'Cluster',
      patch: { metadata: { labels: { 'managedcluster.io/hold': null } } },
      field: 'managedcluster.io/hold',
    },
    {
      reason: 'our annotation',
      kind: 'Cluster',
      patch: { metadata: { annotations: { 'managedcluster.io/owner': 'workload' } } },
      field: 'managedcluster.io/owner',
    },
    {
      reason: 'label of the cluster',
      kind: 'Cluster',
      patch: { metadata: { labels: { 'cluster.x-k8s.io/cluster-name': 'x' } } },
      field: 'cluster.x-k8s.io/cluster-name',
    },
    {
      reason: 'pause by annotation',
      kind: 'DevCluster',
      patch: { metadata: { annotations: { 'cluster.x-k8s.io/paused': '' } } },
      field: 'cluster.x-k8s.io/paused',
    },
    { reason: 'status', kind: 'Cluster', patch: { status: { phase: 'x' } }, field: 'status' },
    { reason: 'pause', kind: 'Cluster', patch: { spec: { paused: true } }, field: 'spec.paused' },
    { reason: 'the whole spec', kind: 'Cluster', patch: { spec: null }, field: 'spec.paused' },
    {
      reason: 'a spec that is no object',
      kind: 'Cluster',
      patch: { spec: [1] },
      field: 'spec.paused',
    },
    {
      reason: 'endpoint',
      kind: 'Cluster',
      patch: { spec: { controlPlaneEndpoint: { host: 'x' } } },
      field: 'spec.controlPlaneEndpoint',
    },
    {
      reason: 'endpoint',
      kind: 'DevCluster',
      patch: { spec: { controlPlaneEndpoint: null } },
      field: 'spec.controlPlaneEndpoint',
    },
    {
      reason: 'reference',
      kind: 'Cluster',
      patch: { spec: { controlPlaneRef: { name: 'x' } } },
      field: 'spec.controlPlaneRef',
    },
    {
      reason: 'replicas',
      kind: 'KubeadmControlPlane',
      patch: { spec: { replicas: 2 } },
      field: 'spec.replicas',
    },
    {
      reason: 'version',
      kind: 'KubeadmControlPlane',
      patch: { spec: { version: 'v1.30.0' } },
      field: 'spec.version',
    },
    {
      reason: 'reference',
      kind: 'KubeadmControlPlane',
      patch: { spec: { machineTemplate: { spec: null } } },
      field: 'spec.machineTemplate.spec.infrastructureRef',
    },
    {
      reason: 'a token',
      kind: 'KubeadmControlPlane',
      patch: {
        spec: { kubeadmConfigSpec: { initConfiguration: { bootstrapTokens: [{ token: 'a.b' }] } } },
      },
      field: 'bootstrapTokens',
    },
    {
      reason: 'a password in a list',
      kind: 'KubeadmConfigTemplate',
      patch: { spec: { template: { spec: { users: [{ name: 'x', passwd: 'y' }] } } } },
      field: 'passwd',
    },
    ...['providerID', 'instanceID', 'server'].flatMap((field) => [
      {
        reason: `${field} of a machine`,
        kind: 'DevMachineTemplate',
        patch: { spec: { template: { spec: { [field]: 'x' } } } },
        field: `spec.template.spec.${field}`,
      },
      {
        reason: `${field} of a cluster`,
        kind: 'DevCluster',
        patch: { spec: { [field]: 'x' } },
        field: `spec.${field}`,
      },
    ]),
    {
      reason: 'replicas',
      kind: 'MachineDeployment',
      patch: { spec: { replicas: 2 } },
      field: 'spec.replicas',
    },
    {
      reason: 'selector',
      kind: 'MachineDeployment',
      patch: { spec: { selector: { matchLabels: { a: 'b' } } } },
      field: 'spec.selector',
    },
    {
      reason: 'reference',
      kind: 'MachineDeployment',
      patch: { spec: { template: { spec: { bootstrap: { dataSecretName: 'x' } } } } },
      field: 'spec.template.spec.bootstrap',
    },
    {
      reason: 'cluster',
      kind: 'MachineHealthCheck',
      patch: { spec: { clusterName: 'x' } },
      field: 'spec.clusterName',
    },
  ])('refuses to touch $field of $kind: $reason', ({ kind, patch, field }) => {
    const problems = overrideProblems(aCluster('docker', { overrides: [{ kind, patch }] }));

    expect(problems).toContain(
      `overrides[0].patch changes ${field} of ${kind}, which overrides cannot change: remove it and use the field of the claim`,
    );
  });

  it.each<{ kind: string; patch: JsonObject }>([
    { kind: 'Cluster', patch: { metadata: { labels: { 'example.com/team': 'a' } } } },
    { kind: 'Cluster', patch: { spec: { clusterNetwork: { apiServerPort: 443 } } } },
    { kind: 'DevCluster', patch: { spec: { backend: { docker: { loadBalancer: null } } } } },
    {
      kind: 'KubeadmControlPlane',
      patch: {
        spec: {
          kubeadmConfigSpec: {
            clusterConfiguration: {
              imageRepository: 'example.com',
              etcd: { local: { imageTag: '1' } },
            },
            users: [{ name: 'x', sudo: 'ALL=(ALL) ALL' }],
          },
        },
      },
    },
    { kind: 'MachineDeployment', patch: { spec: { template: { spec: { minReadySeconds: 5 } } } } },
    {
      kind: 'DevMachineTemplate',
      patch: { spec: { template: { spec: { backend: { docker: { customImage: 'x' } } } } } },
    },
  ])('takes $patch for $kind', ({ kind, patch }) => {
    expect(overrideProblems(aCluster('docker', { overrides: [{ kind, patch }] }))).toEqual([]);
  });
});

function secretFile(field: string): JsonObject {
  return { path: '/a', [field]: { secret: { name: 'other-ca', key: 'tls.key' } } };
}
