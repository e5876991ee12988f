import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import { CLUSTER, CONTROL_PLANE, INFRASTRUCTURE_CLUSTER } from './composed-names.ts';
import { firstUnmet, G2, type View } from '../../capi/gates.ts';
import { aScene } from '../testing/scenes.ts';
import { aMachine, patched, reporting, type Report } from '../testing/objects.ts';

const { composed } = aScene('Pivoting').observed;

const OPEN = {
  cluster: composed[CLUSTER] as KubeObject,
  infrastructureCluster: composed[INFRASTRUCTURE_CLUSTER] as KubeObject,
  controlPlane: composed[CONTROL_PLANE] as KubeObject,
  agentInstallation: composed['agent-installation'] as KubeObject,
  machines: [aMachine('demo-cp-1')],
} satisfies View;

/** What gate G2 says of a view, as `reason: sentence`; undefined when it is open. */
function saidBy(view: View): string | undefined {
  const unmet = firstUnmet(G2, view);
  return unmet === undefined ? undefined : `${unmet.name}: ${unmet.waitingFor(view)}`;
}

function cluster(conditions: Readonly<Record<string, Report>>): View {
  return { ...OPEN, cluster: reporting(OPEN.cluster, conditions) };
}

function controlPlane(conditions: Readonly<Record<string, Report>>): View {
  return { ...OPEN, controlPlane: reporting(OPEN.controlPlane, conditions) };
}

function machine(conditions: Readonly<Record<string, Report>>, name = 'demo-cp-1'): View {
  return { ...OPEN, machines: [aMachine('demo-cp-0'), reporting(aMachine(name), conditions)] };
}

const STALE_CLUSTER =
  'WaitingForObservedGeneration: the controller of Cluster team-a/demo to observe its latest spec';
const STALE_CONTROL_PLANE =
  'WaitingForObservedGeneration: the controller of KubeadmControlPlane team-a/demo-cp to observe its latest spec';
const DELETED = { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } };

describe('gate G2', () => {
  it.each<{ reason: string; view: View; want: string | undefined }>([
    { reason: 'everything is there', view: OPEN, want: undefined },
    {
      reason: 'G1 is not asked again',
      view: cluster({ RemoteConnectionProbe: 'False', ControlPlaneInitialized: undefined }),
      want: undefined,
    },
    {
      reason: 'no agent yet',
      view: { ...OPEN, agentInstallation: undefined },
      want: 'WaitingForReady: AgentInstallation to report Ready',
    },
    {
      reason: 'agent not ready, with the reason',
      view: {
        ...OPEN,
        agentInstallation: reporting(OPEN.agentInstallation, {
          Ready: ['False', 'WebhookRefused'],
        }),
      },
      want: 'WaitingForReady: AgentInstallation team-a/demo to report Ready (WebhookRefused)',
    },
    {
      reason: 'a user paused the Cluster',
      view: { ...OPEN, cluster: patched(OPEN.cluster, { spec: { paused: true } }) },
      want: 'WaitingForUnpause: Cluster team-a/demo to be unpaused: spec.paused is set on it',
    },
    {
      reason: 'status of the Cluster is old',
      view: { ...OPEN, cluster: patched(OPEN.cluster, { metadata: { generation: 2 } }) },
      want: STALE_CLUSTER,
    },
    {
      reason: 'status of the control plane is old',
      view: {
        ...OPEN,
        controlPlane: patched(OPEN.controlPlane, { status: { observedGeneration: 0 } }),
      },
      want: STALE_CONTROL_PLANE,
    },
    {
      reason: 'the control plane is not available, though all its machines are counted',
      view: controlPlane({ Available: ['Unknown', 'InspectionFailed'] }),
      want: 'WaitingForAvailable: KubeadmControlPlane team-a/demo-cp to report Available (InspectionFailed)',
    },
    ...['replicas', 'readyReplicas', 'availableReplicas', 'upToDateReplicas'].flatMap((field) =>
      [0, 2, null].map((count) => ({
        reason: `${field} is ${count} where 1 is wanted`,
        view: { ...OPEN, controlPlane: patched(OPEN.controlPlane, { status: { [field]: count } }) },
        want: 'WaitingForControlPlaneMachines: all machines of KubeadmControlPlane team-a/demo-cp to be ready, available and up to date',
      })),
    ),
    {
      reason: 'Machines not looked up yet',
      view: { ...OPEN, machines: undefined },
      want: 'WaitingForMachines: the Machines of the cluster to be found',
    },
    {
      reason: 'no Machines',
      view: { ...OPEN, machines: [] },
      want: 'WaitingForMachines: the Machines of the cluster to be found',
    },
    {
      reason: 'a Machine that is not ready',
      view: machine({ Ready: ['False', 'NodeNotReady'] }),
      want: 'WaitingForMachines: Machine team-a/demo-cp-1 to have a ready Node (NodeNotReady)',
    },
    {
      reason: 'a Machine without a Node',
      view: { ...OPEN, machines: [patched(aMachine(), { status: { nodeRef: null } })] },
      want: 'WaitingForMachines: Machine team-a/demo-cp-1 to have a ready Node (Reported)',
    },
    {
      reason: 'a Machine that is updated in place',
      view: machine({ Updating: ['True', 'InPlaceUpdating'] }),
      want: 'WaitingForMachines: Machine team-a/demo-cp-1 to finish its update',
    },
    {
      reason: 'the first by name is told, whatever the order',
      view: {
        ...OPEN,
        machines: ['c', 'a', 'b'].map((name) =>
          reporting(aMachine(name), { Ready: ['Unknown', name] }),
        ),
      },
      want: 'WaitingForMachines: Machine team-a/a to have a ready Node (a)',
    },
    {
      reason: 'a Machine that is being deleted',
      view: { ...OPEN, machines: [aMachine('a'), patched(aMachine('b'), DELETED)] },
      want: 'WaitingForMachines: the deletion of Machine team-a/b to finish',
    },
    ...[
      { type: 'RollingOut', verb: 'rolling out' },
      { type: 'ScalingUp', verb: 'scaling up' },
      { type: 'ScalingDown', verb: 'scaling down' },
      { type: 'Remediating', verb: 'remediating' },
      { type: 'Deleting', verb: 'deleting its machines' },
    ].flatMap(({ type, verb }) => {
      const end = `WaitingForEndOf${type}`;
      const kcp = `KubeadmControlPlane team-a/demo-cp to finish ${verb}`;
      return [
        {
          reason: `Cluster ${type}`,
          view: cluster({ [type]: 'True' }),
          want: `${end}: Cluster team-a/demo to finish ${verb}`,
        },
        {
          reason: `control plane ${type}`,
          view: controlPlane({ [type]: 'True' }),
          want: `${end}: ${kcp}`,
        },
        {
          reason: `control plane ${type} Unknown is not yet`,
          view: controlPlane({ [type]: 'Unknown' }),
          want: `${end}: ${kcp}`,
        },
        {
          reason: `${type} not reported at all is quiet`,
          view: cluster({ [type]: undefined }),
          want: undefined,
        },
      ];
    }),
  ])('$reason', ({ view, want }) => {
    expect(saidBy(view)).toBe(want);
  });
});
