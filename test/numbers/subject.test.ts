import { describe, expect, it } from '@jest/globals';
import { recordIn } from '../../lib/core/object.ts';
import { firstObjects, inputOf, laterObjects, sizesOf } from './subject.ts';

const CLAIM = {
  apiVersion: 'managedcluster.io/v1alpha1',
  kind: 'ManagedCluster',
  metadata: { namespace: 'default', name: 'by-hand' },
  spec: {
    kubernetes: { version: 'v1.36.3' },
    cloud: { provider: 'docker', docker: { backend: 'docker', bootstrapTimeout: '10m' } },
    controlPlane: { replicas: 3, machine: { image: 'example.com/node:v1' } },
    nodePools: [{ name: 'workers', replicas: 2, machine: { image: 'example.com/node:v1' } }],
  },
};

describe('what is made by hand', () => {
  const input = inputOf(CLAIM);

  it('is the expansion of the claim: first one control plane machine, later the rest', () => {
    const first = firstObjects(input);
    expect(first.map(({ kind }) => kind)).toEqual([
      'Cluster',
      'DevCluster',
      'DevMachineTemplate',
      'KubeadmControlPlane',
    ]);
    expect(recordIn(first.at(-1), 'spec')?.['replicas']).toBe(1);
    expect(laterObjects(input).map(({ kind }) => kind)).toContain('MachineDeployment');
    expect(sizesOf(input)).toEqual({ controlPlanes: 3, workers: 2 });
  });

  it('is not held by our policies, which would keep clusterctl from moving it', () => {
    const objects = [...firstObjects(input), ...laterObjects(input)];
    for (const { metadata } of objects) {
      expect(metadata.labels).not.toHaveProperty(['managedcluster.io/hold']);
      expect(metadata.labels).toMatchObject({ 'cluster.x-k8s.io/cluster-name': 'by-hand' });
    }
  });

  it('is refused when it is no claim', () => {
    expect(() => inputOf({ ...CLAIM, spec: {} })).toThrow('cannot expand the claim');
  });
});
