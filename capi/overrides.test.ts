import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../lib/core/object.ts';
import { firstControlPlane } from './expansion.ts';
import { healthChecks } from './health-check.ts';
import { nodePool } from './node-pool.ts';
import { overrideProblems } from './overrides.ts';
import { aCluster, everyObject } from './testing/clusters.ts';

const POOLS = [
  { name: 'a', replicas: 1, machine: { type: 'm6i.large' } },
  { name: 'b', replicas: 1, machine: { type: 'm6i.large' } },
];

function withOverride(override: JsonObject): ReturnType<typeof aCluster> {
  return aCluster('aws', { nodePools: POOLS, overrides: [override] });
}

describe('overridden', () => {
  it('merges a patch into the object of its kind, and into no other', () => {
    const patch = { spec: { bastion: { enabled: true } } };
    const before = everyObject(aCluster('aws'));
    const after = everyObject(aCluster('aws', { overrides: [{ kind: 'AWSCluster', patch }] }));

    const changed = after.filter(
      (object, index) => JSON.stringify(object) !== JSON.stringify(before[index]),
    );

    expect(changed).toMatchObject([
      { kind: 'AWSCluster', spec: { bastion: { enabled: true }, region: 'eu-west-1' } },
    ]);
  });

  it('removes a field with null, as RFC 7386 says', () => {
    const patch = { spec: { rollout: null } };
    const input = withOverride({ kind: 'KubeadmControlPlane', patch });

    expect(firstControlPlane(input).controlPlane).not.toHaveProperty('spec.rollout');
  });

  it('applies several patches in order', () => {
    const overrides = ['first', 'second'].map((owner) => ({
      kind: 'Cluster',
      patch: {
        metadata: { labels: { [`example.com/${owner}`]: owner, 'example.com/last': owner } },
      },
    }));

    expect(firstControlPlane(aCluster('aws', { overrides })).cluster.metadata.labels).toMatchObject(
      {
        'example.com/first': 'first',
        'example.com/second': 'second',
        'example.com/last': 'second',
      },
    );
  });

  it.each(['AWSMachineTemplate', 'KubeadmConfigTemplate', 'MachineDeployment'])(
    'changes %s of the named pool only',
    (kind) => {
      const patch = { metadata: { labels: { 'example.com/x': 'y' } } };
      const input = withOverride({ kind, nodePool: 'b', patch });
      const labelled = everyObject(input).filter(
        ({ metadata }) => metadata.labels?.['example.com/x'] === 'y',
      );

      expect(labelled).toMatchObject([
        { kind, metadata: { labels: { 'managedcluster.io/node-pool': 'b' } } },
      ]);
    },
  );

  it('reaches health checks', () => {
    const patch = { spec: { checks: { nodeStartupTimeoutSeconds: 60 } } };
    const input = withOverride({ kind: 'MachineHealthCheck', nodePool: 'a', patch });

    expect(healthChecks(input)).toMatchObject([
      { metadata: { name: 'demo-cp' }, spec: { checks: { nodeStartupTimeoutSeconds: 1200 } } },
      { metadata: { name: 'demo-a' }, spec: { checks: { nodeStartupTimeoutSeconds: 60 } } },
      { metadata: { name: 'demo-b' }, spec: { checks: { nodeStartupTimeoutSeconds: 1200 } } },
    ]);
  });

  it('gives a patched template its own name, which the pool references', () => {
    const [plain] = aCluster('aws', { nodePools: POOLS }).spec.nodePools;
    const patch = { spec: { template: { spec: { ebsOptimized: true } } } };
    const input = withOverride({ kind: 'AWSMachineTemplate', patch });
    if (plain === undefined) throw new Error('there are two pools');
    const [before] = nodePool(aCluster('aws', { nodePools: POOLS }), plain);
    const [after, , deployment] = nodePool(input, plain);

    expect(after?.metadata.name).not.toBe(before?.metadata.name);
    expect(deployment).toMatchObject({
      spec: { template: { spec: { infrastructureRef: { name: after?.metadata.name } } } },
    });
  });

  it('fails when a patch that was not checked leaves nothing of an object', () => {
    const input = withOverride({ kind: 'Cluster', patch: { spec: null } });

    expect(() => firstControlPlane(input)).toThrow(/cannot apply an override of Cluster/);
  });
});

function nested(levels: number): JsonObject {
  return levels === 0 ? {} : { spec: nested(levels - 1) };
}

describe('overrideProblems', () => {
  it.each([
    {
      reason: 'a kind that is not made',
      override: { kind: 'VSphereCluster', patch: {} },
      want: 'overrides[0].kind is VSphereCluster: use one of Cluster, DevCluster, KubeadmControlPlane, DevMachineTemplate, MachineDeployment, KubeadmConfigTemplate, MachineHealthCheck',
    },
    {
      reason: 'a kind with the name of a property of all objects',
      override: { kind: 'constructor', patch: {} },
      want: 'overrides[0].kind is constructor: use one of Cluster',
    },
    {
      reason: 'a pool that is not there',
      override: { kind: 'MachineDeployment', nodePool: 'x', patch: {} },
      want: 'overrides[0].nodePool is x: use one of workers',
    },
    {
      reason: 'a pool where there is none',
      override: { kind: 'Cluster', nodePool: 'workers', patch: {} },
      want: 'overrides[0].nodePool is workers, but Cluster belongs to the whole cluster: remove nodePool',
    },
  ])('refuses $reason', ({ override, want }) => {
    expect(overrideProblems(aCluster('docker', { overrides: [override] }))).toEqual([
      expect.stringContaining(want),
    ]);
  });

  it('never repeats a value, which may be a secret', () => {
    const patch = { spec: { kubeadmConfigSpec: { users: [{ passwd: 'hunter2' }] } } };
    const problems = overrideProblems(
      aCluster('docker', { overrides: [{ kind: 'KubeadmControlPlane', patch }] }),
    );

    expect(problems).toHaveLength(1);
    expect(problems.join()).not.toContain('hunter2');
  });

  it('refuses a patch that no program can send on', () => {
    const kind = 'AWSMachineTemplate';
    expect(overrideProblems(withOverride({ kind, patch: nested(39) }))).toEqual([]);
    expect(overrideProblems(withOverride({ kind, patch: nested(90) }))).toEqual([
      'overrides[0].patch has more than 40 levels: no object of Cluster API is that deep',
    ]);
  });
});
