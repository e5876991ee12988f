import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import { decide } from './decide.ts';
import { isStorm } from './storm.ts';
import {
  aMachine,
  anInput,
  aPool,
  controlPlaneOf,
  observationOf,
  running,
} from '../testing/cluster-states.ts';

type Node = 'Ready' | 'NotReady' | 'Unreachable' | 'None';

const NODE_READY = { Ready: 'True', NotReady: 'False', Unreachable: 'Unknown' } as const;

function worker(of: string, index: number, node: Node): KubeObject {
  const machine = aMachine(`demo-${of}-${index}`, {
    'cluster.x-k8s.io/deployment-name': `demo-${of}`,
  });
  if (node === 'None') return machine;
  return {
    ...machine,
    status: {
      nodeRef: { name: `demo-${of}-${index}` },
      conditions: [{ type: 'NodeReady', status: NODE_READY[node], reason: node }],
    },
  };
}

function pool(name: string, ...nodes: readonly Node[]): readonly KubeObject[] {
  return nodes.map((node, index) => worker(name, index, node));
}

/** The limits that the agent gives to the health checks of a claim, for workers as they are. */
function limits(claim: readonly object[], workers: readonly KubeObject[], sizes: object = {}) {
  const input = anInput({ nodePools: JSON.parse(JSON.stringify(claim)) });
  const present = running(input);
  const state = {
    ...present,
    machines: [...controlPlaneOf(1), ...workers],
    deployments: present.deployments.map((deployment) => ({
      ...deployment,
      spec: { ...Object(deployment['spec']), ...sizes },
    })),
  };
  return decide(observationOf(input, { state }))
    .actions.filter(({ object }) => object.kind === 'MachineHealthCheck')
    .map(({ object }) => Object(object['spec']).remediation.triggerIf.unhealthyLessThanOrEqualTo);
}

describe('a storm', () => {
  it.each<{ readonly what: string; readonly workers: readonly KubeObject[]; want: boolean }>([
    { what: 'no worker at all', workers: [], want: false },
    { what: 'the only worker is broken', workers: pool('a', 'NotReady'), want: false },
    { what: 'both workers are broken', workers: pool('a', 'NotReady', 'Unreachable'), want: true },
    {
      what: 'one of each of two pools of one',
      workers: [...pool('a', 'Unreachable'), ...pool('b', 'Unreachable')],
      want: true,
    },
    {
      what: 'two of five, which is 40 %',
      workers: pool('a', 'NotReady', 'NotReady', 'Ready', 'Ready', 'Ready'),
      want: false,
    },
    {
      what: 'machines that have no Node yet',
      workers: pool('a', 'None', 'None', 'None'),
      want: false,
    },
  ])('$what: $want', ({ workers, want }) => {
    expect(isStorm([...controlPlaneOf(3), ...workers])).toBe(want);
  });

  it('is no roll-out: machines that are being deleted lose their Nodes', () => {
    const going = pool('a', 'NotReady', 'NotReady', 'NotReady').map((machine) => ({
      ...machine,
      metadata: { ...machine.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' },
    }));
    expect(isStorm([...going, ...pool('b', 'Ready', 'Ready')])).toBe(false);
  });

  it('leaves the control plane out of account', () => {
    const broken = pool('x', 'NotReady', 'NotReady', 'NotReady').map((machine, index) => ({
      ...machine,
      metadata: controlPlaneOf(3)[index]?.metadata ?? machine.metadata,
    }));
    expect(isStorm([...broken, ...pool('a', 'Ready', 'Ready')])).toBe(false);
  });
});

describe('health checks of small pools', () => {
  it('repair the one machine that is broken, in pools of one and of two', () => {
    const claim = [aPool('a', 1), aPool('b', 2), aPool('c', 3)];
    const workers = [...pool('a', 'NotReady'), ...pool('b', 'Ready', 'Ready')];
    expect(limits(claim, workers)).toEqual([1, 1, '40%']);
  });

  it('hold back in a storm', () => {
    const claim = [aPool('a', 1), aPool('b', 2), aPool('c', 3)];
    const workers = [...pool('a', 'NotReady'), ...pool('b', 'Unreachable', 'Unreachable')];
    expect(limits(claim, workers)).toEqual([0, 0, '40%']);
  });

  it('know how many machines an autoscaled pool has', () => {
    const elastic = { name: 'a', autoscaling: { min: 1, max: 9 }, machine: {} };
    expect(limits([elastic], [], { replicas: 2 })).toEqual([1]);
    expect(limits([elastic], [], { replicas: 3 })).toEqual(['40%']);
  });
});
