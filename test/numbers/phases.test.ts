import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import {
  isWhole,
  marked,
  NO_MARKS,
  PHASE_NAMES,
  secondsToWhole,
  type Inside,
  type Sighting,
} from './phases.ts';

const SIZES = { controlPlanes: 1, workers: 1 };

function thing(kind: string, more: object = {}, ...conditions: readonly string[]): KubeObject {
  const status = { conditions: conditions.map((type) => ({ type, status: 'True' })) };
  return { apiVersion: 'v1', kind, metadata: {}, spec: {}, status, ...more };
}

function labelled(label: string): object {
  return { metadata: { labels: { [label]: '' } } };
}

const WEB = {
  ...thing('Deployment', { spec: { replicas: 2 } }),
  status: { readyReplicas: 2, conditions: [{ type: 'Available', status: 'True' }] },
};

const WHOLE: Inside = {
  nodes: [
    thing('Node', labelled('node-role.kubernetes.io/control-plane'), 'Ready'),
    thing('Node', {}, 'Ready'),
  ],
  managers: Array.from({ length: 4 }, () => thing('Deployment', {}, 'Available')),
  cluster: thing('Cluster'),
  machines: [
    thing('Machine', labelled('cluster.x-k8s.io/control-plane'), 'Ready'),
    thing('Machine', {}, 'Ready'),
  ],
  web: WEB,
};

function phasesOf(inside: Inside | undefined): readonly string[] {
  return Object.keys(
    marked(NO_MARKS, { outside: {}, inside }, { sizes: SIZES, seconds: 1 }).phases,
  );
}

describe('phases', () => {
  it('are all reached by a whole cluster, but the gate, which is asked outside', () => {
    expect(phasesOf(WHOLE)).toEqual(PHASE_NAMES.filter((name) => name !== 'gate'));
  });

  it('are none before the API server answers', () => {
    expect(phasesOf(undefined)).toEqual([]);
  });

  it.each([
    {
      what: 'a paused Cluster',
      change: { cluster: thing('Cluster', { spec: { paused: true } }) },
      lacks: ['handover'],
    },
    {
      what: 'a manager that is missing',
      change: { managers: WHOLE.managers.slice(1) },
      lacks: ['machinery'],
    },
    {
      what: 'a worker that is not Ready',
      change: { nodes: WHOLE.nodes.slice(0, 1) },
      lacks: ['workers', 'complete'],
    },
    {
      what: 'a Machine too many',
      change: { machines: [...WHOLE.machines, thing('Machine', {}, 'Ready')] },
      lacks: ['complete'],
    },
    {
      what: 'a Pod of a chart that is not Ready',
      change: { web: { ...WEB, spec: { replicas: 3 } } },
      lacks: ['addOns', 'complete'],
    },
  ])('of $what lack $lacks', ({ change, lacks }) => {
    const found = phasesOf({ ...WHOLE, ...change });
    expect(PHASE_NAMES.filter((name) => name !== 'gate' && !found.includes(name))).toEqual(lacks);
  });

  it('keep the second in which they were seen first', () => {
    const bare: Inside = { nodes: [], managers: [], machines: [] };
    const first = marked(NO_MARKS, { outside: {}, inside: bare }, { sizes: SIZES, seconds: 3 });
    const second = marked(first, { outside: {}, inside: WHOLE }, { sizes: SIZES, seconds: 8 });
    expect(second.phases).toMatchObject({ apiServer: 3, network: 8 });
  });
});

describe('the end', () => {
  const phases = Object.fromEntries(PHASE_NAMES.map((name) => [name, 5]));

  it('of a life by hand is the last phase', () => {
    expect(isWhole({ phases, conditions: {} }, false)).toBe(true);
    expect(secondsToWhole({ phases, conditions: {} })).toBe(5);
  });

  it('of a claim is what the claim says, when that comes later', () => {
    const claim = thing('ManagedCluster', {}, 'Operational', 'Ready');
    const sighting: Sighting = { outside: {}, inside: WHOLE, claim };
    const marks = marked({ phases, conditions: {} }, sighting, { sizes: SIZES, seconds: 9 });
    expect(isWhole({ phases, conditions: {} }, true)).toBe(false);
    expect(isWhole(marks, true)).toBe(true);
    expect(secondsToWhole(marks)).toBe(9);
  });

  it('has not come while a phase is missing', () => {
    const { gate: _gate, ...others } = phases;
    expect(isWhole({ phases: others, conditions: {} }, false)).toBe(false);
  });
});
