import { describe, expect, it } from '@jest/globals';
import {
  AGENT_INSTALLATION,
  CLUSTER,
  CLUSTER_PLAN,
  CONTROL_PLANE,
  PIVOT,
} from './composed-names.ts';
import { decide } from './decide.ts';
import { aScene, type Scene } from '../testing/scenes.ts';
import { patched, reporting, type Report } from '../testing/objects.ts';

function conditionsOf({ observed }: Scene): Readonly<Record<string, string>> {
  const { conditions } = decide(observed);
  return Object.fromEntries(
    conditions.map(({ type, status, reason, message }) => [
      type,
      `${status} ${reason}: ${message}`,
    ]),
  );
}

function says(scene: Scene, name: string, conditions: Readonly<Record<string, Report>>): Scene {
  return scene.change(name, (object) => reporting(object, conditions));
}

const REPORTED = {
  ControlPlaneReady: 'True',
  WorkersReady: 'True',
  AddOnsReady: 'True',
  AgentConnected: 'True',
} as const;

describe('conditions', () => {
  it('are all there from the first call on, in the order in which they come true', () => {
    const { conditions } = decide(aScene().observed);

    expect(conditions.map(({ type }) => type)).toEqual([
      'Accepted',
      'InfrastructureReady',
      'ControlPlaneInitialized',
      'AgentInstalled',
      'Pivoted',
      'ControlPlaneReady',
      'WorkersReady',
      'AddOnsReady',
      'AgentConnected',
      'Operational',
    ]);
    expect(conditions.map(({ status }) => status)).toEqual(['True', ...Array(9).fill('False')]);
    expect(conditions.every(({ message, reason }) => message !== '' && reason !== '')).toBe(true);
  });

  it.each<{ reason: string; scene: Scene; type: string; want: string }>([
    {
      reason: 'infrastructure: which object, and why',
      scene: says(aScene('Provisioning'), CLUSTER, {
        InfrastructureReady: ['False', 'NetworkPending'],
      }),
      type: 'InfrastructureReady',
      want: 'False WaitingForInfrastructure: Waiting for DevCluster to be provisioned (NetworkPending)',
    },
    {
      reason: 'infrastructure: not there yet',
      scene: aScene(),
      type: 'InfrastructureReady',
      want: 'False WaitingForInfrastructure: Waiting for the infrastructure cluster to be provisioned',
    },
    {
      reason: 'infrastructure: does not fall behind G1',
      scene: says(aScene('Pivoting'), CLUSTER, { InfrastructureReady: 'Unknown' }),
      type: 'InfrastructureReady',
      want: 'True Provisioned: The infrastructure is provisioned',
    },
    {
      reason: 'G1: the sentence of the gate',
      scene: aScene('Provisioning'),
      type: 'ControlPlaneInitialized',
      want: 'False WaitingForInfrastructure: Gate G1: waiting for DevCluster team-a/demo to be provisioned',
    },
    {
      reason: 'G1: open',
      scene: aScene('InstallingAgent'),
      type: 'ControlPlaneInitialized',
      want: 'True GateOpen: The first control plane machine is operational: gate G1 is open',
    },
    {
      reason: 'agent: not before G1',
      scene: aScene('Provisioning'),
      type: 'AgentInstalled',
      want: 'False WaitingForControlPlane: Waiting for gate G1',
    },
    {
      reason: 'agent: the provider is silent',
      scene: aScene('InstallingAgent'),
      type: 'AgentInstalled',
      want: 'False WaitingForProvider: Waiting for the AgentInstallation to be ready',
    },
    {
      reason: 'agent: the provider says why',
      scene: says(aScene('InstallingAgent'), AGENT_INSTALLATION, {
        Ready: ['False', 'CNIPending', 'layer cni is not ready'],
      }),
      type: 'AgentInstalled',
      want: 'False CNIPending: Waiting for the AgentInstallation to be ready: layer cni is not ready',
    },
    {
      reason: 'agent: does not fall behind G2',
      scene: says(aScene('Pivoting'), AGENT_INSTALLATION, { Ready: 'False' }),
      type: 'AgentInstalled',
      want: 'True Installed: The agent is installed',
    },
    {
      reason: 'pivot: not before G1',
      scene: aScene('Provisioning'),
      type: 'Pivoted',
      want: 'False WaitingForControlPlane: Waiting for gate G1',
    },
    {
      reason: 'pivot: the sentence of G2',
      scene: aScene('InstallingAgent'),
      type: 'Pivoted',
      want: 'False WaitingForReady: Gate G2: waiting for AgentInstallation team-a/demo to report Ready',
    },
    {
      reason: 'pivot: the provider is silent',
      scene: aScene('Pivoting'),
      type: 'Pivoted',
      want: 'False WaitingForProvider: Waiting for the Pivot to commit',
    },
    {
      reason: 'pivot: the provider says what it does',
      scene: says(aScene('Pivoting'), PIVOT, { Ready: ['False', 'Copying', '12 of 13 objects'] }),
      type: 'Pivoted',
      want: 'False Copying: Waiting for the Pivot to commit: 12 of 13 objects',
    },
    {
      reason: 'pivot: committed',
      scene: aScene('SelfManaged'),
      type: 'Pivoted',
      want: 'True Committed: The cluster manages itself',
    },
    {
      reason: 'pivot: committed, but Crossplane still controls some',
      scene: says(aScene('Pivoting').without(CLUSTER), PIVOT, { Committed: 'True' }),
      type: 'Pivoted',
      want: expect.stringMatching(
        /^False ReleaseIncomplete: Waiting for the release of DevCluster team-a\/demo, KubeadmControlPlane team-a\/demo-cp, DevMachineTemplate team-a\/demo-cp-[0-9a-f]{8}: Crossplane still controls these objects and would delete them, so they are kept; see the conditions of the Pivot$/,
      ) as unknown as string,
    },
    {
      reason: 'reported: before the agent does',
      scene: aScene('SelfManaged'),
      type: 'WorkersReady',
      want: 'False WaitingForAgent: Waiting for the agent to report',
    },
    {
      reason: 'reported: as the agent says it',
      scene: says(aScene('SelfManaged'), CLUSTER_PLAN, {
        WorkersReady: ['Unknown', 'Starting', 'pool a'],
      }),
      type: 'WorkersReady',
      want: 'Unknown Starting: pool a',
    },
    {
      reason: 'reported: nonsense counts as Unknown',
      scene: says(aScene('SelfManaged'), CLUSTER_PLAN, { WorkersReady: ['Maybe', 'X'] }),
      type: 'WorkersReady',
      want: 'Unknown X: ',
    },
    {
      reason: 'summary: the first that is open',
      scene: says(aScene('SelfManaged'), CLUSTER_PLAN, {
        ...REPORTED,
        AddOnsReady: ['False', 'Installing', 'layer x'],
      }),
      type: 'Operational',
      want: 'False Installing: AddOnsReady: layer x',
    },
    {
      reason: 'summary: all is well',
      scene: says(aScene('SelfManaged'), CLUSTER_PLAN, REPORTED),
      type: 'Operational',
      want: 'True Operational: The cluster is complete and manages itself',
    },
    {
      reason: 'reported: true of an older plan only',
      scene: says(aScene('SelfManaged'), CLUSTER_PLAN, REPORTED).change(CLUSTER_PLAN, (plan) =>
        patched(plan, { metadata: { generation: 2 } }),
      ),
      type: 'WorkersReady',
      want: 'False WaitingForAgent: Waiting for the agent to observe the latest plan',
    },
    {
      reason: 'reported: a connection is no matter of a plan',
      scene: says(aScene('SelfManaged'), CLUSTER_PLAN, REPORTED).change(CLUSTER_PLAN, (plan) =>
        patched(plan, { metadata: { generation: 2 } }),
      ),
      type: 'AgentConnected',
      want: expect.stringMatching(/^True /) as unknown as string,
    },
    {
      reason: 'summary: a refused change is not operational',
      scene: says(aScene('SelfManaged'), CLUSTER_PLAN, REPORTED).spec({
        controlPlane: { machine: { type: 'x' } },
      }),
      type: 'Operational',
      want: expect.stringMatching(
        /^False InvalidSpec: Accepted: controlPlane.machine.type /,
      ) as unknown as string,
    },
    {
      reason: 'accepted',
      scene: aScene(),
      type: 'Accepted',
      want: 'True Accepted: The claim is valid',
    },
    {
      reason: 'refused: every mistake, with the reason of the first',
      scene: aScene().spec({
        profiles: [
          { name: 'x', version: '1' },
          { name: 'y', version: '1' },
        ],
      }),
      type: 'Accepted',
      want: expect.stringMatching(
        /^False ProfileNotFound: spec.profiles\[x\]: .*; spec.profiles\[y\]: /,
      ) as unknown as string,
    },
  ])('$reason', ({ scene, type, want }) => {
    expect(conditionsOf(scene)[type]).toEqual(want);
  });

  it('stay True once their phase is over, whatever the objects say afterwards', () => {
    const gone = aScene('SelfManaged').without(CLUSTER, CONTROL_PLANE, AGENT_INSTALLATION);
    const { InfrastructureReady, ControlPlaneInitialized, AgentInstalled, Pivoted } =
      conditionsOf(gone);

    for (const said of [InfrastructureReady, ControlPlaneInitialized, AgentInstalled, Pivoted]) {
      expect(said).toMatch(/^True /);
    }
  });
});
