import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../lib/core/object.ts';
import { fc } from '../../../test/properties.ts';
import { graphHash, graphOf, movedStatus } from './graph.ts';
import { keyOf, uidOf } from './identity.ts';
import { ownersOf } from '../../../lib/core/owners.ts';
import { anObject, LABEL, type Given } from '../../testing/objects.ts';

const cluster = anObject('Cluster', 'demo', {
  spec: {
    infrastructureRef: {
      apiGroup: 'infrastructure.cluster.x-k8s.io',
      kind: 'DevCluster',
      name: 'demo',
    },
  },
});
const owned = { owners: [{ uid: 'Cluster-demo' }] };

function names(objects: readonly KubeObject[]): readonly string[] {
  return objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}

describe('graphOf', () => {
  it.each<{ reason: string; kind: string; name: string; given: Given; moves: boolean }>([
    { reason: 'is owned', kind: 'Machine', name: 'a', given: owned, moves: true },
    {
      reason: 'bears the label',
      kind: 'MachineSet',
      name: 'a',
      given: { metadata: { labels: LABEL } },
      moves: true,
    },
    {
      reason: 'bears the label of another cluster',
      kind: 'MachineSet',
      name: 'a',
      given: { metadata: { labels: { 'cluster.x-k8s.io/cluster-name': 'other' } } },
      moves: false,
    },
    {
      reason: 'has the name of an authority',
      kind: 'Secret',
      name: 'demo-ca',
      given: {},
      moves: true,
    },
    {
      reason: 'has the name of client certificates of etcd',
      kind: 'Secret',
      name: 'demo-apiserver-etcd-client',
      given: {},
      moves: true,
    },
    {
      reason: 'is the authority of another cluster',
      kind: 'Secret',
      name: 'demo-2-ca',
      given: {},
      moves: false,
    },
    {
      reason: 'is a ConfigMap of that name',
      kind: 'ConfigMap',
      name: 'demo-ca',
      given: {},
      moves: false,
    },
    {
      reason: 'is an escrow, though it is named like one',
      kind: 'Secret',
      name: 'demo-ca',
      given: { metadata: { labels: { 'managedcluster.io/escrow': '1', ...LABEL } } },
      moves: false,
    },
    {
      reason: 'is referred to by the Cluster',
      kind: 'DevCluster',
      name: 'demo',
      given: { apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2' },
      moves: true,
    },
    { reason: 'is another cluster', kind: 'Cluster', name: 'other', given: {}, moves: false },
    { reason: 'is nobody’s', kind: 'MachineHealthCheck', name: 'a', given: {}, moves: false },
    {
      reason: 'binds a resource set to the cluster',
      kind: 'ClusterResourceSetBinding',
      name: 'demo',
      given: { spec: { clusterName: 'demo' } },
      moves: true,
    },
  ])('what $reason: moves $moves', ({ kind, name, given, moves }) => {
    const graph = graphOf('demo', [cluster, anObject(kind, name, given)]);
    expect(names(graph?.objects ?? []).includes(`${kind} ${name}`)).toBe(moves);
  });

  it('follows owners at any depth, and references to templates and Secrets', () => {
    const template = anObject('DevMachineTemplate', 'workers', {
      apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2',
    });
    const deployment = anObject('MachineDeployment', 'md', {
      ...owned,
      spec: {
        template: {
          spec: {
            infrastructureRef: {
              apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta1',
              kind: 'DevMachineTemplate',
              name: 'workers',
            },
          },
        },
      },
    });
    const set = anObject('MachineSet', 'ms', { owners: [{ uid: 'MachineDeployment-md' }] });
    const config = anObject('KubeadmConfig', 'c', {
      owners: [{ uid: 'MachineSet-ms' }],
      spec: { files: [{ contentFrom: { secret: { name: 'file', key: 'k' } } }] },
    });
    const all = [config, set, template, anObject('Secret', 'file'), deployment, cluster];
    const graph = graphOf('demo', all);
    expect(names(graph?.objects ?? [])).toEqual(
      [
        'Cluster demo',
        'Secret file',
        'DevMachineTemplate workers',
        'MachineDeployment md',
        'MachineSet ms',
        'KubeadmConfig c',
      ].toSorted(
        (a, b) => names(graph?.objects ?? []).indexOf(a) - names(graph?.objects ?? []).indexOf(b),
      ),
    );
    expect(names(graph?.objects ?? [])).toHaveLength(all.length);
  });

  it('skips a template that belongs to another cluster', () => {
    const template = anObject('DevMachineTemplate', 't', {
      apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2',
      metadata: { labels: { 'cluster.x-k8s.io/cluster-name': 'other' } },
    });
    const deployment = anObject('MachineDeployment', 'md', {
      ...owned,
      spec: {
        infrastructureRef: {
          apiGroup: 'infrastructure.cluster.x-k8s.io',
          kind: 'DevMachineTemplate',
          name: 't',
        },
      },
    });
    expect(names(graphOf('demo', [cluster, deployment, template])?.objects ?? [])).not.toContain(
      'DevMachineTemplate t',
    );
  });

  it('reports what is not moved, and why', () => {
    const all = [
      cluster,
      anObject('Cluster', 'other'),
      anObject('MachineHealthCheck', 'mhc'),
      anObject('Secret', 'demo-mine'),
      anObject('Secret', 'unrelated'),
      anObject('ConfigMap', 'moved', {
        metadata: { labels: { 'clusterctl.cluster.x-k8s.io/move': '' } },
      }),
      anObject('ConfigMap', 'demo-anchor', {
        metadata: { labels: { 'managedcluster.io/cluster': 'demo' } },
      }),
    ];
    const skipped = graphOf('demo', all)?.skipped ?? [];
    expect(skipped.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'Cluster other',
      'ConfigMap moved',
      'MachineHealthCheck mhc',
      'Secret demo-mine',
    ]);
    expect(skipped.every(({ reason }) => reason !== undefined)).toBe(true);
  });

  it('is undefined without the Cluster', () => {
    expect(graphOf('demo', [anObject('Machine', 'a', owned)])).toBeUndefined();
  });

  it('rejects a cycle of owners', () => {
    const a = anObject('Machine', 'a', { owners: [{ uid: 'Machine-b' }, { uid: 'Cluster-demo' }] });
    const b = anObject('Machine', 'b', { owners: [{ uid: 'Machine-a' }] });
    expect(() => graphOf('demo', [cluster, a, b])).toThrow('cannot order by ownership');
  });

  it('puts owners first, without losses or duplicates, for any ownership', () => {
    fc.assert(
      fc.property(forest(), (objects) => {
        const graph = graphOf('demo', [cluster, ...objects]);
        const order = graph?.objects.map(uidOf) ?? [];
        expect(new Set(order).size).toBe(objects.length + 1);
        for (const object of graph?.objects ?? []) {
          for (const { uid } of ownersOf(object)) {
            expect(order.indexOf(uid)).toBeLessThan(order.indexOf(uidOf(object)));
          }
        }
      }),
    );
  });

  it('does not depend on the order in which objects are listed', () => {
    fc.assert(
      fc.property(forest(), (objects) => {
        const [a, b] = [
          [cluster, ...objects],
          [...objects.toReversed(), cluster],
        ].map((all) => graphOf('demo', all));
        expect(a?.objects.map(keyOf)).toEqual(b?.objects.map(keyOf));
        expect(a && graphHash(a)).toBe(b && graphHash(b));
      }),
    );
  });
});

describe('graphHash', () => {
  it('changes when an object is replaced by one of the same name', () => {
    const [a, b] = ['1', '2'].map((uid) =>
      graphOf('demo', [cluster, anObject('Machine', 'a', { ...owned, uid })]),
    );
    expect(a && graphHash(a)).not.toBe(b && graphHash(b));
    expect(a && movedStatus(a)).toEqual(b && movedStatus(b));
  });
});

/** Machines in any order, each owned by an earlier one or by the Cluster. */
function forest(): fc.Arbitrary<readonly KubeObject[]> {
  return fc
    .array(fc.nat({ max: 1000 }), { maxLength: 12 })
    .map((picks) =>
      picks.map((pick, index) => {
        const owner = index === 0 || pick % 4 === 0 ? 'Cluster-demo' : `Machine-${pick % index}`;
        return anObject('Machine', String(index), { owners: [{ uid: owner }] });
      }),
    )
    .chain((objects) => fc.shuffledSubarray([...objects], { minLength: objects.length }));
}
