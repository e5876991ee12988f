import { describe, expect, it } from '@jest/globals';
import { firstControlPlane, scaledControlPlane } from './expansion.ts';
import { aCluster } from './testing/clusters.ts';

describe('firstControlPlane', () => {
  it('is one machine, whatever the claim wants', () => {
    const input = aCluster('docker', { controlPlane: { replicas: 5 } });

    expect(firstControlPlane(input).controlPlane).toHaveProperty('spec.replicas', 1);
  });

  it('renders the Cluster with its networks and references, and nothing else', () => {
    const { cluster } = firstControlPlane(aCluster('docker'));

    expect(cluster).toEqual({
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'Cluster',
      metadata: {
        name: 'demo',
        namespace: 'team-a',
        labels: { 'cluster.x-k8s.io/cluster-name': 'demo', 'managedcluster.io/hold': '' },
      },
      spec: {
        clusterNetwork: {
          pods: { cidrBlocks: ['10.244.0.0/16'] },
          services: { cidrBlocks: ['10.96.0.0/12'] },
          serviceDomain: 'cluster.local',
        },
        controlPlaneRef: {
          apiGroup: 'controlplane.cluster.x-k8s.io',
          kind: 'KubeadmControlPlane',
          name: 'demo-cp',
        },
        infrastructureRef: {
          apiGroup: 'infrastructure.cluster.x-k8s.io',
          kind: 'DevCluster',
          name: 'demo',
        },
      },
    });
  });

  it('names the template by its content, and says the hash', () => {
    const { controlPlaneMachineTemplate, templateHash } = firstControlPlane(aCluster('aws'));

    expect(templateHash).toMatch(/^[0-9a-f]{8}$/);
    expect(controlPlaneMachineTemplate.metadata.name).toBe(`demo-cp-${templateHash}`);
  });

  it('gives another cluster another template, even with the same content', () => {
    const input = aCluster('aws');

    expect(firstControlPlane({ ...input, name: 'other' }).templateHash).not.toBe(
      firstControlPlane(input).templateHash,
    );
  });
});

describe('scaledControlPlane', () => {
  it('changes nothing but the number of machines', () => {
    const input = aCluster('vsphere', { controlPlane: { replicas: 5 } });
    const first = firstControlPlane(input);
    const { controlPlane } = first;

    expect(scaledControlPlane(input)).toEqual({
      ...first,
      controlPlane: { ...controlPlane, spec: { ...Object(controlPlane['spec']), replicas: 5 } },
    });
  });

  it('renews certificates in time and bounds the drain', () => {
    const input = aCluster('docker', { certificates: { renewBeforeDays: 45 } });

    expect(scaledControlPlane(input).controlPlane).toMatchObject({
      spec: {
        rollout: { before: { certificatesExpiryDays: 45 } },
        machineTemplate: { spec: { deletion: { nodeDrainTimeoutSeconds: 600 } } },
      },
    });
  });
});
