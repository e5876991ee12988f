import { describe, expect, it } from '@jest/globals';
import type { JsonObject, KubeObject } from '../../lib/core/object.ts';
import { CLUSTER, CLUSTER_PLAN, CONTROL_PLANE, PIVOT } from './composed-names.ts';
import { decide } from './decide.ts';
import { aScene, type Scene } from '../testing/scenes.ts';
import { patched, reporting } from '../testing/objects.ts';

const BAD = { controlPlane: { machine: { type: 'm6i.large' } } };
const MISSHAPEN = { spec: { kubernetes: { version: 135 } } };

function statusIn({ observed }: Scene) {
  return decide(observed).status;
}

function reached(scene: Scene, times: Readonly<Record<string, string>>): Scene {
  const conditions = Object.entries(times).map(([type, lastTransitionTime]) => ({
    type,
    status: 'True',
    reason: 'R',
    lastTransitionTime,
  }));
  return scene.status({ conditions });
}

function plan(status: JsonObject): (object: KubeObject) => KubeObject {
  return (object) => patched(object, { status });
}

describe('status', () => {
  it('is this at first', () => {
    expect(statusIn(aScene())).toEqual({
      phase: 'Provisioning',
      owner: 'Management',
      epoch: 1,
      observed: { version: 'v1.35.4', controlPlaneReplicas: 3 },
      controlPlane: { desired: 3, ready: 0 },
      controlPlaneMachines: '0/3',
      workers: '0/2',
      profiles: '',
      phases: [
        {
          name: 'Provisioning',
          startTime: '2026-01-01T00:00:00Z',
          message: 'Waiting for Crossplane to create the Cluster and its control plane',
        },
      ],
    });
  });

  it.each([
    { reason: 'before', scene: aScene('Pivoting'), want: { owner: 'Management' } },
    {
      reason: 'fenced',
      scene: aScene('Pivoting').change(CLUSTER, (cluster) =>
        patched(cluster, { metadata: { annotations: { 'managedcluster.io/owner': 'moving' } } }),
      ),
      want: { owner: 'Moving' },
    },
    {
      reason: 'released',
      scene: aScene('Pivoting').change(PIVOT, (pivot) => reporting(pivot, { Released: 'True' })),
      want: { owner: 'Moving', released: true },
    },
    {
      reason: 'committed',
      scene: aScene('SelfManaged'),
      want: { owner: 'Workload', released: true, committed: true, epoch: 3 },
    },
  ])('owner and markers $reason', ({ scene, want }) => {
    const { owner, released, committed, epoch } = statusIn(scene);

    expect({ owner, released, committed, epoch }).toEqual({
      released: undefined,
      committed: undefined,
      epoch: 1,
      ...want,
    });
  });

  it.each([
    {
      reason: 'is the Secret of Cluster API behind G1',
      scene: aScene('InstallingAgent'),
      want: { name: 'demo-kubeconfig', namespace: 'team-a' },
    },
    { reason: 'is unknown before', scene: aScene('Provisioning'), want: undefined },
  ])('kubeconfigSecretRef $reason', ({ scene, want }) => {
    expect(statusIn(scene)['kubeconfigSecretRef']).toEqual(want);
  });
});

describe('machines', () => {
  const pools = {
    nodePools: [
      { name: 'a', replicas: 1 },
      { name: 'b', replicas: 1 },
    ],
  };
  const report = plan({
    observedGeneration: 1,
    controlPlane: { desired: 3, ready: 2, version: 'v1.35.3' },
    nodePools: [
      { name: 'a', desired: 2, ready: 1 },
      { name: 'b', ready: 1 },
    ],
    layers: [{ name: 'cni', phase: 'Ready' }],
  });

  it.each([
    {
      reason: 'Cluster API reports before the agent',
      scene: aScene('InstallingAgent'),
      want: ['1/3', '0/2', 'v1.35.4'],
    },
    {
      reason: 'the agent reports',
      scene: aScene('Pivoting').spec(pools).change(CLUSTER_PLAN, report),
      want: ['2/3', '2/2', 'v1.35.3'],
    },
    {
      reason: 'the last known stays when the objects are released and the agent is silent',
      scene: aScene('Pivoting')
        .without(CLUSTER, CONTROL_PLANE)
        .status({ controlPlane: { desired: 3, ready: 1, version: 'v1.35.4' } }),
      want: ['1/3', '0/2', 'v1.35.4'],
    },
    {
      reason: 'autoscaled pools count with their least',
      scene: aScene().spec({
        nodePools: [
          { name: 'a', autoscaling: { min: 2, max: 9 } },
          { name: 'b', replicas: 1 },
        ],
      }),
      want: ['0/3', '0/3', undefined],
    },
  ])('$reason', ({ scene, want }) => {
    const { controlPlaneMachines, workers, controlPlane } = statusIn(scene);

    expect([controlPlaneMachines, workers, (controlPlane as JsonObject)['version']]).toEqual(want);
  });

  it('passes on what the agent says of pools, layers and the plan', () => {
    const scene = aScene('Pivoting')
      .spec(pools)
      .change(CLUSTER_PLAN, report)
      .change(CLUSTER_PLAN, (object) => patched(object, { metadata: { generation: 4 } }));

    expect(statusIn(scene)).toMatchObject({
      nodePools: [{ name: 'a' }, { name: 'b' }],
      layers: [{ name: 'cni', phase: 'Ready' }],
      plan: { desired: 4, observed: 1 },
    });
  });
});

describe('history', () => {
  const [t1, t2, t3] = ['2026-01-01T00:01:00Z', '2026-01-01T00:02:00Z', '2026-01-01T00:03:00Z'];
  const times = { ControlPlaneInitialized: t1, AgentInstalled: t2, Pivoted: t3 };

  it('takes all times from the conditions, as the function has no clock', () => {
    expect(statusIn(reached(aScene('SelfManaged'), times))['phases']).toEqual([
      { name: 'Provisioning', startTime: '2026-01-01T00:00:00Z', endTime: t1 },
      { name: 'InstallingAgent', startTime: t1, endTime: t2 },
      { name: 'Pivoting', startTime: t2, endTime: t3 },
      { name: 'SelfManaged', startTime: t3 },
    ]);
  });

  it('says what the phase of now waits for, and gives it no end', () => {
    expect(statusIn(reached(aScene('InstallingAgent'), times))['phases']).toEqual([
      { name: 'Provisioning', startTime: '2026-01-01T00:00:00Z', endTime: t1 },
      {
        name: 'InstallingAgent',
        startTime: t1,
        message: 'Waiting for AgentInstallation team-a/demo to report Ready',
      },
    ]);
  });

  it('leaves out a time that is not known yet', () => {
    expect(statusIn(aScene('Pivoting'))['phases']).toEqual([
      { name: 'Provisioning', startTime: '2026-01-01T00:00:00Z' },
      { name: 'InstallingAgent' },
      { name: 'Pivoting' },
    ]);
  });
});

describe('what is sticky', () => {
  const before = { version: 'v1.34.0', controlPlaneReplicas: 1 };
  const scene = aScene('SelfManaged').status({ observed: before, unmanagedSeconds: 12 });

  it('observed follows a claim that is accepted, and stays when one is refused', () => {
    expect(statusIn(scene)['observed']).toEqual({
      version: 'v1.35.4',
      controlPlaneReplicas: 3,
    });
    expect(statusIn(scene.spec(BAD))['observed']).toEqual(before);
    expect(statusIn(aScene().spec(BAD))['observed']).toBeUndefined();
  });

  it('unmanagedSeconds outlives the Pivot', () => {
    expect(statusIn(scene.without(PIVOT))['unmanagedSeconds']).toBe(12);
    expect(statusIn(scene.change(PIVOT, plan({ unmanagedSeconds: 30 })))['unmanagedSeconds']).toBe(
      30,
    );
  });

  it('keeps all of it for a claim that can not be read, and still learns of the commit', () => {
    const conditions = [{ type: 'Ready', status: 'True' }];
    const known = {
      observed: before,
      profiles: 'net@1.0.0',
      conditions,
      claimConditionTypes: ['A'],
    };
    const misshapen = aScene('SelfManaged')
      .composite({ ...MISSHAPEN, status: null })
      .status({ ...known, phase: 'Pivoting', owner: 'Moving', epoch: 2 });

    expect(statusIn(misshapen)).toEqual({
      observed: before,
      profiles: 'net@1.0.0',
      phase: 'SelfManaged',
      owner: 'Workload',
      epoch: 2,
      released: true,
      committed: true,
    });
  });

  it('takes Released back after an abort, also for a claim that can not be read', () => {
    const aborted = aScene('Pivoting')
      .status({ released: true })
      .change(PIVOT, (pivot) => reporting(pivot, { Released: 'False' }));

    expect(statusIn(aborted)).not.toHaveProperty('released');
    expect(statusIn(aborted.composite(MISSHAPEN))).not.toHaveProperty('released');
  });
});
