import { describe, expect, it } from '@jest/globals';
import { graphOf } from './graph.ts';
import { lostMachines, unsettled } from './settled.ts';
import { pausingKinds, standstillWait } from './standstill.ts';
import { anObject } from '../../testing/objects.ts';

describe('standstillWait', () => {
  const condition = { type: 'Paused', status: 'True', observedGeneration: 3 };
  const running = { ...condition, status: 'False' };
  const still = anObject('Machine', 'a', { status: { conditions: [condition] } });

  it.each([
    { reason: 'all stand still', objects: [still, anObject('Secret', 's')], want: undefined },
    {
      reason: 'an old generation',
      objects: [
        anObject('Machine', 'b', {
          status: { conditions: [{ ...condition, observedGeneration: 2 }] },
        }),
      ],
      want: 'WaitingForPause',
    },
    {
      reason: 'not yet',
      objects: [
        anObject('Machine', 'b', { status: { conditions: [{ ...condition, status: 'False' }] } }),
      ],
      want: 'WaitingForPause',
    },
    {
      reason: 'one that has said nothing yet',
      objects: [still, anObject('Machine', 'b')],
      want: 'WaitingForPause',
    },
    {
      reason: 'kinds that never say anything',
      objects: [anObject('DevMachineTemplate', 't')],
      want: undefined,
    },
    {
      reason: 'a health check, which is looked at once in 15 s and only judges',
      objects: [anObject('MachineHealthCheck', 'h', { status: { conditions: [running] } })],
      want: undefined,
    },
    {
      reason: 'a health check that makes objects which act',
      objects: [
        anObject('MachineHealthCheck', 'h', {
          spec: { remediation: { templateRef: { kind: 'Metal3RemediationTemplate' } } },
          status: { conditions: [running] },
        }),
      ],
      want: 'WaitingForPause',
    },
    {
      reason: 'the v1beta1 contract',
      objects: [
        anObject('Machine', 'b', {
          status: { conditions: [], v1beta2: { conditions: [condition] } },
        }),
      ],
      want: undefined,
    },
    {
      reason: 'blocked',
      objects: [
        anObject('Machine', 'b', {
          metadata: { annotations: { 'clusterctl.cluster.x-k8s.io/block-move': '' } },
        }),
      ],
      want: 'MoveBlocked',
    },
  ])('$reason: $want', ({ objects, want }) => {
    expect(standstillWait(objects, pausingKinds([still]))?.reason).toBe(want);
  });
});

describe('unsettled', () => {
  it.each([
    ['False', 'True', undefined],
    ['True', 'True', 'WaitingForReconcile'],
    ['False', 'Unknown', 'WaitingForControlPlane'],
  ])('Paused %s, Available %s: %s', (paused, available, want) => {
    expect(settledWith(paused, available)).toBe(want);
  });

  it('waits for a Machine that its controller has not observed yet', () => {
    expect(settledWith('False', 'True', [])).toBe('WaitingForReconcile');
  });

  it('waits for the controllers on this side, but not for the control plane of a dead cluster', () => {
    expect(settledWith('False', 'Unknown', undefined, true)).toBeUndefined();
    expect(settledWith('True', 'Unknown', undefined, true)).toBe('WaitingForReconcile');
  });

  it('waits for the Cluster to be observed', () => {
    expect(unsettled(undefined)?.reason).toBe('WaitingForCluster');
  });

  it('finds lost Machines', () => {
    const moved = [
      { kind: 'Machine', name: 'a' },
      { kind: 'Machine', name: 'b' },
      { kind: 'Secret', name: 'c' },
    ];
    expect(lostMachines(moved, [anObject('Machine', 'a'), anObject('Machine', 'new')])).toEqual([
      'b',
    ]);
  });
});

function settledWith(
  paused: string,
  available: string,
  machine: readonly object[] = [{ type: 'Paused', status: 'False' }],
  dead = false,
): string | undefined {
  const root = anObject('Cluster', 'demo', {
    spec: { controlPlaneRef: { kind: 'KubeadmControlPlane', name: 'cp' } },
    status: { conditions: [{ type: 'Paused', status: 'False' }] },
  });
  const one = anObject('Machine', 'm', {
    owners: [{ uid: 'Cluster-demo' }],
    status: { conditions: machine },
  });
  const conditions = [
    { type: 'Paused', status: paused, observedGeneration: 3 },
    { type: 'Available', status: available, reason: 'Etcd' },
  ];
  const controlPlane = anObject('KubeadmControlPlane', 'cp', {
    owners: [{ uid: 'Cluster-demo' }],
    status: { conditions },
  });
  return unsettled(graphOf('demo', [root, controlPlane, one]), { dead })?.reason;
}
