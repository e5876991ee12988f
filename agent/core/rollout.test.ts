import { describe, expect, it } from '@jest/globals';
import { decide } from './decide.ts';
import {
  aLayer,
  aMachine,
  anInput,
  aPool,
  anyObject,
  complete,
  conditionIn,
  controlPlaneOf,
  observationOf,
  namesOf,
  NOTHING,
  ready,
  running,
  specIn,
  THREE,
  wanted,
} from '../testing/cluster-states.ts';

describe('a new version', () => {
  const input = anInput({ ...THREE, kubernetes: { version: 'v1.36.1' } });

  it('goes to the control plane first', () => {
    const { actions } = decide(observationOf(input, { state: complete() }));
    expect(namesOf(actions)).toEqual(['Apply KubeadmControlPlane demo-cp']);
  });

  it('goes to the pools when the control plane has it', () => {
    const controlPlane = running(input).controlPlane;
    const machines = [
      ...controlPlaneOf(3, { version: 'v1.36.1' }),
      ...complete().machines.slice(3),
    ];
    const state = { ...complete(), controlPlane, machines };
    const { actions } = decide(observationOf(input, { state }));
    expect(namesOf(actions)).toEqual(['Apply MachineDeployment demo-w']);
    expect(specIn(actions, 'MachineDeployment')).toMatchObject({
      template: { spec: { version: 'v1.36.1' } },
    });
  });

  it('goes to one pool after the other', () => {
    const two = { ...THREE, nodePools: [aPool('a', 1), aPool('b', 1)] };
    const target = anInput({ ...two, kubernetes: { version: 'v1.36.1' } });
    const present = complete(two);
    const machines = [...controlPlaneOf(3, { version: 'v1.36.1' }), ...present.machines.slice(3)];
    const state = { ...present, controlPlane: running(target).controlPlane, machines };
    expect(namesOf(decide(observationOf(target, { state })).actions)).toEqual([
      'Apply MachineDeployment demo-a',
    ]);
    const a = running(target).deployments[0] ?? anyObject();
    const rolling = { ...state, deployments: [a, ...present.deployments.slice(1)] };
    expect(namesOf(decide(observationOf(target, { state: rolling })).actions)).toEqual([]);
    const parallel = anInput({
      ...two,
      kubernetes: { version: 'v1.36.1' },
      upgrade: { workersInParallel: 2 },
    });
    expect(namesOf(decide(observationOf(parallel, { state: rolling })).actions)).toEqual([
      'Apply MachineDeployment demo-b',
    ]);
  });

  it('that skips a minor is not tried, and says which comes first', () => {
    const far = anInput({ ...THREE, kubernetes: { version: 'v1.37.0' } });
    const observation = observationOf(far, { state: complete() });
    expect(namesOf(decide(observation).actions)).toEqual([]);
    expect(conditionIn(observation, 'ControlPlaneReady')).toContain('set a v1.36 version first');
  });
});

describe('what is no longer planned', () => {
  const none = anInput({ controlPlane: { replicas: 3 }, nodePools: [] });

  it('removes the pool and its health check, and its templates when nothing refers to them', () => {
    const state = complete();
    expect(namesOf(decide(observationOf(none, { state })).actions)).toEqual([
      'Delete MachineHealthCheck demo-w',
      'Delete MachineDeployment demo-w',
    ]);
    const gone = {
      ...state,
      deployments: [],
      healthChecks: state.healthChecks.slice(0, 1),
    };
    expect(namesOf(decide(observationOf(none, { state: gone })).actions)).toEqual([
      'Delete DevMachineTemplate demo-w',
      'Delete KubeadmConfigTemplate demo-w',
    ]);
    const machineSets = state.deployments.map((deployment) => ({
      ...deployment,
      kind: 'MachineSet',
    }));
    expect(
      namesOf(decide(observationOf(none, { state: { ...gone, machineSets } })).actions),
    ).toEqual([]);
  });

  it('removes nothing that is not ours', () => {
    const state = complete();
    const foreign = state.deployments.map((deployment) => ({
      ...deployment,
      metadata: { ...deployment.metadata, labels: { 'cluster.x-k8s.io/cluster-name': 'demo' } },
    }));
    const template = {
      ...anyObject(),
      kind: 'DevMachineTemplate',
      metadata: { name: 'mine', labels: { 'cluster.x-k8s.io/cluster-name': 'demo' } },
    };
    const own = {
      ...state,
      deployments: foreign,
      healthChecks: state.healthChecks.slice(0, 1),
      templates: [...state.templates, template],
    };
    expect(namesOf(decide(observationOf(none, { state: own })).actions)).toEqual([]);
  });
});

describe('report', () => {
  it('counts ready machines and has the oldest version', () => {
    const machines = [
      ...controlPlaneOf(1),
      ...controlPlaneOf(1, { version: 'v1.34.9' }),
      aMachine('x', {}, { up: false }),
    ];
    const observation = observationOf(anInput(THREE), { state: { ...complete(), machines } });
    expect(decide(observation).report.status).toMatchObject({
      controlPlane: { desired: 3, ready: 2, version: 'v1.34.9' },
      nodePools: [{ name: 'w', desired: 2, ready: 0 }],
    });
  });

  it('does not report machines that are on the other side', () => {
    const observation = observationOf(anInput(THREE), { state: NOTHING });
    expect(
      decide({ ...observation, plan: { ...observation.plan, handedOver: false } }).report.status,
    ).toEqual({
      layers: [],
    });
  });

  it('lets add-ons follow the control plane', () => {
    const layers = wanted(aLayer('addon', { type: 'addon' }));
    const observation = observationOf(anInput(THREE), { state: complete(), layers });
    expect(decide(observation).layers.install).toEqual(layers);
    const busy = { ...complete(), machines: controlPlaneOf(3, { up: false }) };
    expect(decide({ ...observation, state: busy }).layers.install).toEqual([]);
    const [first] = layers;
    if (first === undefined) throw new Error('no layer');
    expect(conditionIn({ ...observation, layerStates: [ready(first)] }, 'AddOnsReady')).toContain(
      'True Ready',
    );
  });

  it('reports why a plan is not usable, and does nothing', () => {
    const observation = observationOf(anInput(THREE), { state: complete() });
    const broken = { ...observation, plan: { ...observation.plan, cluster: { kubernetes: 3 } } };
    expect(decide(broken).actions).toEqual([]);
    expect(conditionIn(broken, 'ControlPlaneReady')).toContain('spec.cluster.kubernetes');
  });
});
