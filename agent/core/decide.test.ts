import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import { decide } from './decide.ts';
import { REMOVAL } from './layers.ts';
import {
  aLayer,
  anInput,
  aPool,
  anyObject,
  complete,
  conditionIn,
  controlPlaneOf,
  counted,
  observationOf,
  namesOf,
  NOTHING,
  owned,
  ready,
  running,
  specIn,
  stored,
  THREE,
  wanted,
} from '../testing/cluster-states.ts';

const GONE = { ...NOTHING };

describe('who may act', () => {
  const state = { ...complete(), deployments: [] };
  const { cluster } = state;
  if (cluster === undefined) throw new Error('no cluster');

  it.each<{
    reason: string;
    cluster: KubeObject | undefined;
    handedOver: boolean;
    ownership: string;
  }>([
    {
      reason: 'nothing moved yet',
      cluster: undefined,
      handedOver: false,
      ownership: 'BeforePivot',
    },
    {
      reason: 'a copy that moves',
      cluster: owned(cluster, 'moving'),
      handedOver: false,
      ownership: 'Moving',
    },
    {
      reason: 'it moves back',
      cluster: owned(cluster, 'moving', true),
      handedOver: true,
      ownership: 'Moving',
    },
    {
      reason: 'no annotation means management',
      cluster: owned(stored({ ...cluster, metadata: { name: 'demo' } }), undefined),
      handedOver: true,
      ownership: 'Moving',
    },
    {
      reason: 'paused',
      cluster: owned(cluster, 'workload', true),
      handedOver: true,
      ownership: 'Paused',
    },
    { reason: 'taken back', cluster: undefined, handedOver: true, ownership: 'TakenBack' },
  ])('$reason: no write', ({ cluster: local, handedOver, ownership }) => {
    const observation = observationOf(anInput(THREE));
    const decision = decide({
      ...observation,
      plan: { ...observation.plan, handedOver },
      state: local === undefined ? GONE : { ...state, cluster: local },
    });
    expect([decision.ownership, decision.actions]).toEqual([ownership, []]);
  });

  it('is asked before it is known what is there: no write', () => {
    const observation = observationOf(anInput(THREE), { state, complete: false });
    expect(decide(observation).actions).toEqual([]);
  });

  it('the plan is paused: no write, and what is ready stays ready', () => {
    const observation = observationOf(anInput({ ...THREE, paused: true }), { state: complete() });
    expect(decide({ ...observation, state }).actions).toEqual([]);
    expect(conditionIn(observation, 'ControlPlaneReady')).toBe(
      'True Ready: All 3 control plane machines are ready at v1.35.4',
    );
  });
});

describe('after the pivot', () => {
  it('has nothing to do when all is as planned', () => {
    const observation = observationOf(anInput(THREE), { state: complete() });
    expect(namesOf(decide(observation).actions)).toEqual([]);
    expect(conditionIn(observation, 'WorkersReady')).toBe(
      'True Ready: All 2 machines of 1 node pools are ready',
    );
  });

  it('scales the control plane in one write, and creates the pools in the same pass', () => {
    const one = running(anInput());
    const observation = observationOf(anInput(THREE), { state: one });
    const { actions } = decide(observation);
    expect(namesOf(actions)).toEqual([
      'Apply KubeadmControlPlane demo-cp',
      'Apply DevMachineTemplate demo-w',
      'Apply KubeadmConfigTemplate demo-w',
      'Apply MachineDeployment demo-w',
      'Apply MachineHealthCheck demo-cp',
    ]);
    expect(specIn(actions, 'KubeadmControlPlane')).toMatchObject({
      replicas: 3,
      version: 'v1.35.4',
    });
  });

  it('never sends what belongs to the pivot and to the infrastructure provider', () => {
    const bare = {
      ...NOTHING,
      cluster: owned(
        stored({ apiVersion: 'x/v1', kind: 'Cluster', metadata: { name: 'demo' } }),
        'workload',
      ),
    };
    const { actions } = decide(observationOf(anInput(THREE), { state: bare }));
    expect(specIn(actions, 'Cluster')).not.toHaveProperty('paused');
    expect(specIn(actions, 'Cluster')).not.toHaveProperty('controlPlaneEndpoint');
    expect(
      actions.find(({ object }) => object.kind === 'Cluster')?.object.metadata.labels,
    ).toHaveProperty(['managedcluster.io/hold']);
  });

  it.each([
    { machines: controlPlaneOf(3, { up: false }), reason: 'none of it serves' },
    {
      machines: [...controlPlaneOf(2), ...controlPlaneOf(1, { version: 'v1.34.9' })],
      reason: 'a part of it has another version, which nodes would be younger than',
    },
  ])('waits with new pools for the control plane while $reason', ({ machines }) => {
    const state = { ...complete(), deployments: [], machines };
    const { actions } = decide(observationOf(anInput(THREE), { state }));
    expect(namesOf(actions)).not.toContain('Apply MachineDeployment demo-w');
  });

  it('names the control plane machine that it waits for', () => {
    const machines = [...controlPlaneOf(2), ...controlPlaneOf(1, { up: false })];
    const observation = observationOf(anInput(THREE), { state: { ...complete(), machines } });
    expect(conditionIn(observation, 'ControlPlaneReady')).toBe(
      'False WaitingForMachines: Waiting for Machine team-a/demo-cp-0 to have a ready Node (NotReady)',
    );
  });

  it('makes pools, templates first', () => {
    const state = {
      ...complete(),
      deployments: [],
      templates: [],
      machines: controlPlaneOf(3),
    };
    const done = { ...state, templates: complete().templates.slice(0, 1) };
    expect(
      namesOf(decide(observationOf(anInput(THREE), { state: done })).actions).slice(0, 3),
    ).toEqual([
      'Apply DevMachineTemplate demo-w',
      'Apply KubeadmConfigTemplate demo-w',
      'Apply MachineDeployment demo-w',
    ]);
  });

  it('resizes a pool while the control plane is not done', () => {
    const state = { ...complete(), machines: controlPlaneOf(3, { up: false }) };
    const input = anInput({ ...THREE, nodePools: [aPool('w', 5)] });
    expect(namesOf(decide(observationOf(input, { state })).actions)).toEqual([
      'Apply MachineDeployment demo-w',
    ]);
  });

  it('does not change paused objects', () => {
    const state = complete();
    const paused = { conditions: [{ type: 'Paused', status: 'True', reason: 'Paused' }] };
    const controlPlane = stored(state.controlPlane ?? anyObject(), {
      ...counted(3),
      ...paused,
    });
    const input = anInput({ ...THREE, controlPlane: { replicas: 5 } });
    const { actions } = decide(observationOf(input, { state: { ...state, controlPlane } }));
    expect(namesOf(actions)).toEqual([]);
  });

  it('reports the error when the API server rejects a write', () => {
    const observation = observationOf(anInput(THREE), {
      state: complete(),
      refused: 'no such image',
    });
    expect(conditionIn(observation, 'ControlPlaneReady')).toContain('no such image');
  });
});

describe('the version in a report', () => {
  it('is the version of the oldest machine, even while another one is desired', () => {
    const before = complete({ controlPlane: { replicas: 3 } });
    const input = anInput({ controlPlane: { replicas: 3 }, kubernetes: { version: 'v1.36.1' } });
    const { status } = decide(observationOf(input, { state: before })).report;
    expect(status.controlPlane?.version).toBe('v1.35.4');
  });

  it('is absent without machines: the desired version does not run', () => {
    const input = anInput({ controlPlane: { replicas: 1 }, nodePools: [aPool('new', 2)] });
    const state = { ...complete({ controlPlane: { replicas: 1 } }), deployments: [] };
    const { status } = decide(observationOf(input, { state })).report;
    expect(status.nodePools).toEqual([{ name: 'new', desired: 2, ready: 0 }]);
  });
});

describe('layers', () => {
  it('that cannot be removed are reported, but do not keep the cluster from being ready', () => {
    const layers = wanted(aLayer('dns', { type: 'addon' }));
    const failure = { hash: REMOVAL, message: 'a webhook says no' };
    const gone = { name: 'old', installed: 'h', waitingFor: undefined, failure };
    const layerStates = [...layers.map((layer) => ready(layer)), gone];
    const observation = observationOf(anInput(THREE), { state: complete(), layers, layerStates });
    const phases = decide(observation).report.status.layers?.map(
      ({ name, phase }) => `${name} ${phase}`,
    );
    expect(phases).toEqual(['dns Ready', 'old Failed']);
    expect(conditionIn(observation, 'AddOnsReady')).toBe(
      'True Ready: All 1 add-on layers are ready',
    );
  });
});
