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
  factsOf,
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
  const machinery = { ...complete(), deployments: [] };
  const { cluster } = machinery;
  if (cluster === undefined) throw new Error('no cluster');

  it.each<{
    reason: string;
    cluster: KubeObject | undefined;
    handedOver: boolean;
    side: string;
  }>([
    {
      reason: 'nothing moved yet',
      cluster: undefined,
      handedOver: false,
      side: 'BeforePivot',
    },
    {
      reason: 'a copy that moves',
      cluster: owned(cluster, 'moving'),
      handedOver: false,
      side: 'Moving',
    },
    {
      reason: 'it moves back',
      cluster: owned(cluster, 'moving', true),
      handedOver: true,
      side: 'Moving',
    },
    {
      reason: 'no annotation means management',
      cluster: owned(stored({ ...cluster, metadata: { name: 'demo' } }), undefined),
      handedOver: true,
      side: 'Moving',
    },
    {
      reason: 'paused by somebody',
      cluster: owned(cluster, 'workload', true),
      handedOver: true,
      side: 'Paused',
    },
    { reason: 'taken back', cluster: undefined, handedOver: true, side: 'TakenBack' },
  ])('$reason: no write', ({ cluster: local, handedOver, side }) => {
    const facts = factsOf(anInput(THREE));
    const decision = decide({
      ...facts,
      plan: { ...facts.plan, handedOver },
      machinery: local === undefined ? GONE : { ...machinery, cluster: local },
    });
    expect([decision.side, decision.actions]).toEqual([side, []]);
  });

  it('is asked before it is known what is there: no write', () => {
    const facts = factsOf(anInput(THREE), { machinery, complete: false });
    expect(decide(facts).actions).toEqual([]);
  });

  it('the plan is paused: no write, and what is ready stays ready', () => {
    const facts = factsOf(anInput({ ...THREE, paused: true }), { machinery: complete() });
    expect(decide({ ...facts, machinery }).actions).toEqual([]);
    expect(conditionIn(facts, 'ControlPlaneReady')).toBe(
      'True Ready: All 3 control plane machines are ready at v1.35.4',
    );
  });
});

describe('after the pivot', () => {
  it('has nothing to do when all is as planned', () => {
    const facts = factsOf(anInput(THREE), { machinery: complete() });
    expect(namesOf(decide(facts).actions)).toEqual([]);
    expect(conditionIn(facts, 'WorkersReady')).toBe(
      'True Ready: All 2 machines of 1 node pools are ready',
    );
  });

  it('takes the control plane to its size in one write, and makes the pools beside it', () => {
    const one = running(anInput());
    const facts = factsOf(anInput(THREE), { machinery: one });
    const { actions } = decide(facts);
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
    const { actions } = decide(factsOf(anInput(THREE), { machinery: bare }));
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
    const machinery = { ...complete(), deployments: [], machines };
    const { actions } = decide(factsOf(anInput(THREE), { machinery }));
    expect(namesOf(actions)).not.toContain('Apply MachineDeployment demo-w');
  });

  it('tells which control plane machine is awaited', () => {
    const machines = [...controlPlaneOf(2), ...controlPlaneOf(1, { up: false })];
    const facts = factsOf(anInput(THREE), { machinery: { ...complete(), machines } });
    expect(conditionIn(facts, 'ControlPlaneReady')).toBe(
      'False WaitingForMachines: Waiting for Machine team-a/demo-cp-0 to have a ready Node (NotReady)',
    );
  });

  it('makes pools, templates first', () => {
    const machinery = {
      ...complete(),
      deployments: [],
      templates: [],
      machines: controlPlaneOf(3),
    };
    const done = { ...machinery, templates: complete().templates.slice(0, 1) };
    expect(
      namesOf(decide(factsOf(anInput(THREE), { machinery: done })).actions).slice(0, 3),
    ).toEqual([
      'Apply DevMachineTemplate demo-w',
      'Apply KubeadmConfigTemplate demo-w',
      'Apply MachineDeployment demo-w',
    ]);
  });

  it('resizes a pool while the control plane is not done', () => {
    const machinery = { ...complete(), machines: controlPlaneOf(3, { up: false }) };
    const input = anInput({ ...THREE, nodePools: [aPool('w', 5)] });
    expect(namesOf(decide(factsOf(input, { machinery })).actions)).toEqual([
      'Apply MachineDeployment demo-w',
    ]);
  });

  it('leaves alone what somebody has paused', () => {
    const machinery = complete();
    const paused = { conditions: [{ type: 'Paused', status: 'True', reason: 'Paused' }] };
    const controlPlane = stored(machinery.controlPlane ?? anyObject(), {
      ...counted(3),
      ...paused,
    });
    const input = anInput({ ...THREE, controlPlane: { replicas: 5 } });
    const { actions } = decide(factsOf(input, { machinery: { ...machinery, controlPlane } }));
    expect(namesOf(actions)).toEqual([]);
  });

  it('says what the API server refused', () => {
    const facts = factsOf(anInput(THREE), {
      machinery: complete(),
      refused: 'no such image',
    });
    expect(conditionIn(facts, 'ControlPlaneReady')).toContain('no such image');
  });
});

describe('the version in a report', () => {
  it('is that of the oldest machine, also while another is wanted', () => {
    const before = complete({ controlPlane: { replicas: 3 } });
    const input = anInput({ controlPlane: { replicas: 3 }, kubernetes: { version: 'v1.36.1' } });
    const { status } = decide(factsOf(input, { machinery: before })).report;
    expect(status.controlPlane?.version).toBe('v1.35.4');
  });

  it('is not told where no machine is: what is wanted does not run', () => {
    const input = anInput({ controlPlane: { replicas: 1 }, nodePools: [aPool('new', 2)] });
    const machinery = { ...complete({ controlPlane: { replicas: 1 } }), deployments: [] };
    const { status } = decide(factsOf(input, { machinery })).report;
    expect(status.nodePools).toEqual([{ name: 'new', desired: 2, ready: 0 }]);
  });
});

describe('layers', () => {
  it('that can not be removed are reported, but the cluster is what the plan says', () => {
    const layers = wanted(aLayer('dns', { type: 'addon' }));
    const failure = { hash: REMOVAL, message: 'a webhook says no' };
    const gone = { name: 'old', installed: 'h', waitingFor: undefined, failure };
    const layerStates = [...layers.map((layer) => ready(layer)), gone];
    const facts = factsOf(anInput(THREE), { machinery: complete(), layers, layerStates });
    const phases = decide(facts).report.status.layers?.map(({ name, phase }) => `${name} ${phase}`);
    expect(phases).toEqual(['dns Ready', 'old Failed']);
    expect(conditionIn(facts, 'AddOnsReady')).toBe('True Ready: All 1 add-on layers are ready');
  });
});
