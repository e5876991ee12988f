import { describe, expect, it } from '@jest/globals';
import type { JsonObject, KubeObject } from '../lib/core/object.ts';
import type { ClusterInput } from './cloud.ts';
import { nodePool } from './node-pool.ts';
import { aCluster } from './testing/clusters.ts';

function withPool(pool: JsonObject): ClusterInput {
  const machine = { type: 'm6i.large' };
  return aCluster('aws', { nodePools: [{ name: 'workers', machine, replicas: 2, ...pool }] });
}

function rendered(input: ClusterInput): readonly KubeObject[] {
  return input.spec.nodePools.flatMap((pool) => nodePool(input, pool));
}

function deployment(pool: JsonObject): KubeObject | undefined {
  return rendered(withPool(pool)).find(({ kind }) => kind === 'MachineDeployment');
}

describe('nodePool', () => {
  it('is a machine template, a bootstrap template and a MachineDeployment that refers to them', () => {
    const objects = rendered(withPool({}));
    const [machines, bootstrap, machineDeployment] = objects;

    expect(objects.map(({ kind }) => kind)).toEqual([
      'AWSMachineTemplate',
      'KubeadmConfigTemplate',
      'MachineDeployment',
    ]);
    expect(machineDeployment).toMatchObject({
      metadata: {
        name: 'demo-workers',
        labels: {
          'cluster.x-k8s.io/cluster-name': 'demo',
          'managedcluster.io/node-pool': 'workers',
        },
      },
      spec: {
        clusterName: 'demo',
        replicas: 2,
        template: {
          spec: {
            version: 'v1.35.4',
            bootstrap: { configRef: { name: bootstrap?.metadata.name } },
            infrastructureRef: { name: machines?.metadata.name },
          },
        },
      },
    });
  });

  it.each<{ reason: string; pool: JsonObject; want: object }>([
    {
      reason: 'by default one machine more, none fewer',
      pool: {},
      want: {
        rollout: {
          strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
        },
      },
    },
    {
      reason: 'OnDelete has no bounds',
      pool: { strategy: { type: 'OnDelete' } },
      want: { rollout: { strategy: { type: 'OnDelete' } } },
    },
    {
      reason: 'a failure domain is set on the machines',
      pool: { failureDomain: 'eu-west-1a' },
      want: { template: { spec: { failureDomain: 'eu-west-1a' } } },
    },
    {
      reason: 'labels that Cluster API carries to Nodes go to the Machines',
      pool: { labels: { 'node.cluster.x-k8s.io/x': '1', 'example.com/y': '2' } },
      want: { template: { metadata: { labels: { 'node.cluster.x-k8s.io/x': '1' } } } },
    },
  ])('$reason', ({ pool, want }) => {
    expect(deployment(pool)).toMatchObject({ spec: want });
  });

  it('leaves the number of machines to the autoscaler', () => {
    const pool = deployment({ replicas: null, autoscaling: { min: 1, max: 9 } });

    expect(pool).not.toHaveProperty('spec.replicas');
    expect(pool?.metadata.annotations).toEqual({
      'cluster.x-k8s.io/cluster-api-autoscaler-node-group-min-size': '1',
      'cluster.x-k8s.io/cluster-api-autoscaler-node-group-max-size': '9',
    });
  });

  it('keeps labels off the Machines that Cluster API does not carry', () => {
    expect(JSON.stringify(deployment({ labels: { 'example.com/y': '2' } }))).not.toContain(
      'example.com',
    );
  });

  it.each([
    {
      reason: 'another size: new machines, same bootstrap',
      pool: { machine: { type: 'm6i.xlarge' } },
      same: [false, true],
    },
    {
      reason: 'another label: same machines, new bootstrap',
      pool: { labels: { 'a.io/b': 'c' } },
      same: [true, false],
    },
    {
      reason: 'a synced label: nothing is replaced',
      pool: { labels: { 'node.cluster.x-k8s.io/b': 'c' } },
      same: [true, true],
    },
    { reason: 'more replicas: nothing is replaced', pool: { replicas: 9 }, same: [true, true] },
  ])('$reason', ({ pool, same }) => {
    const before = rendered(withPool({})).map(({ metadata }) => metadata.name);
    const after = rendered(withPool(pool)).map(({ metadata }) => metadata.name);

    expect([before[0] === after[0], before[1] === after[1]]).toEqual(same);
  });
});
