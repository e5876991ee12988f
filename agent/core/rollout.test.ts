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
  factsOf,
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
    const { actions } = decide(factsOf(input, { machinery: complete() }));
    expect(namesOf(actions)).toEqual(['Apply KubeadmControlPlane demo-cp']);
  });

  it('goes to the pools when the control plane has it', () => {
    const controlPlane = running(input).controlPlane;
    const machines = [
      ...controlPlaneOf(3, { version: 'v1.36.1' }),
      ...complete().machines.slice(3),
    ];
    const machinery = { ...complete(), controlPlane, machines };
    const { actions } = decide(factsOf(input, { machinery }));
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
    const machinery = { ...present, controlPlane: running(target).controlPlane, machines };
    expect(namesOf(decide(factsOf(target, { machinery })).actions)).toEqual([
      'Apply MachineDeployment demo-a',
    ]);
    const a = running(target).deployments[0] ?? anyObject();
    const rolling = { ...machinery, deployments: [a, ...present.deployments.slice(1)] };
    expect(namesOf(decide(factsOf(target, { machinery: rolling })).actions)).toEqual([]);
    const parallel = anInput({
      ...two,
      kubernetes: { version: 'v1.36.1' },
      upgrade: { workersInParallel: 2 },
    });
    expect(namesOf(decide(factsOf(parallel, { machinery: rolling })).actions)).toEqual([
      'Apply MachineDeployment demo-b',
    ]);
  });

  it('that skips a minor is not tried, and says which comes first', () => {
    const far = anInput({ ...THREE, kubernetes: { version: 'v1.37.0' } });
    const facts = factsOf(far, { machinery: complete() });
    expect(namesOf(decide(facts).actions)).toEqual([]);
    expect(conditionIn(facts, 'ControlPlaneReady')).toContain('write a version of v1.36 first');
  });
});

describe('what is no longer planned', () => {
  const none = anInput({ controlPlane: { replicas: 3 }, nodePools: [] });

  it('removes the pool and its health check, and its templates when nothing refers to them', () => {
    const machinery = complete();
    expect(namesOf(decide(factsOf(none, { machinery })).actions)).toEqual([
      'Delete MachineHealthCheck demo-w',
      'Delete MachineDeployment demo-w',
    ]);
    const gone = {
      ...machinery,
      deployments: [],
      healthChecks: machinery.healthChecks.slice(0, 1),
    };
    expect(namesOf(decide(factsOf(none, { machinery: gone })).actions)).toEqual([
      'Delete DevMachineTemplate demo-w',
      'Delete KubeadmConfigTemplate demo-w',
    ]);
    const machineSets = machinery.deployments.map((deployment) => ({
      ...deployment,
      kind: 'MachineSet',
    }));
    expect(namesOf(decide(factsOf(none, { machinery: { ...gone, machineSets } })).actions)).toEqual(
      [],
    );
  });

  it('removes nothing that is not ours', () => {
    const machinery = complete();
    const foreign = machinery.deployments.map((deployment) => ({
      ...deployment,
      metadata: { ...deployment.metadata, labels: { 'cluster.x-k8s.io/cluster-name': 'demo' } },
    }));
    const template = {
      ...anyObject(),
      kind: 'DevMachineTemplate',
      metadata: { name: 'mine', labels: { 'cluster.x-k8s.io/cluster-name': 'demo' } },
    };
    const own = {
      ...machinery,
      deployments: foreign,
      healthChecks: machinery.healthChecks.slice(0, 1),
      templates: [...machinery.templates, template],
    };
    expect(namesOf(decide(factsOf(none, { machinery: own })).actions)).toEqual([]);
  });
});

describe('report', () => {
  it('counts ready machines and tells the oldest version', () => {
    const machines = [
      ...controlPlaneOf(1),
      ...controlPlaneOf(1, { version: 'v1.34.9' }),
      aMachine('x', {}, { up: false }),
    ];
    const facts = factsOf(anInput(THREE), { machinery: { ...complete(), machines } });
    expect(decide(facts).report.status).toMatchObject({
      controlPlane: { desired: 3, ready: 2, version: 'v1.34.9' },
      nodePools: [{ name: 'w', desired: 2, ready: 0 }],
    });
  });

  it('says nothing of machines that are elsewhere', () => {
    const facts = factsOf(anInput(THREE), { machinery: NOTHING });
    expect(decide({ ...facts, plan: { ...facts.plan, handedOver: false } }).report.status).toEqual({
      layers: [],
    });
  });

  it('lets add-ons follow the control plane', () => {
    const layers = wanted(aLayer('addon', { type: 'addon' }));
    const facts = factsOf(anInput(THREE), { machinery: complete(), layers });
    expect(decide(facts).layers.install).toEqual(layers);
    const busy = { ...complete(), machines: controlPlaneOf(3, { up: false }) };
    expect(decide({ ...facts, machinery: busy }).layers.install).toEqual([]);
    const [first] = layers;
    if (first === undefined) throw new Error('no layer');
    expect(conditionIn({ ...facts, layerStates: [ready(first)] }, 'AddOnsReady')).toContain(
      'True Ready',
    );
  });

  it('says why a plan can not be carried out, and does nothing', () => {
    const facts = factsOf(anInput(THREE), { machinery: complete() });
    const broken = { ...facts, plan: { ...facts.plan, cluster: { kubernetes: 3 } } };
    expect(decide(broken).actions).toEqual([]);
    expect(conditionIn(broken, 'ControlPlaneReady')).toContain('spec.cluster.kubernetes');
  });
});
