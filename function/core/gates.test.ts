import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import { CLUSTER, CONTROL_PLANE, INFRASTRUCTURE_CLUSTER } from './composed-names.ts';
import { firstUnmet, G1, type View } from '../../capi/gates.ts';
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

/** What gate G1 says of a view, as `reason: sentence`; undefined when it is open. */
function saidBy(view: View): string | undefined {
  const unmet = firstUnmet(G1, view);
  return unmet === undefined ? undefined : `${unmet.name}: ${unmet.waitingFor(view)}`;
}

function cluster(conditions: Readonly<Record<string, Report>>): View {
  return { ...OPEN, cluster: reporting(OPEN.cluster, conditions) };
}

function controlPlane(conditions: Readonly<Record<string, Report>>): View {
  return { ...OPEN, controlPlane: reporting(OPEN.controlPlane, conditions) };
}

const NOT_CREATED = 'WaitingForCluster: Crossplane to create the Cluster and its control plane';
const STALE_CLUSTER =
  'WaitingForObservedGeneration: the controller of Cluster team-a/demo to observe its latest spec';
const STALE_CONTROL_PLANE =
  'WaitingForObservedGeneration: the controller of KubeadmControlPlane team-a/demo-cp to observe its latest spec';
const LEAVING = 'WaitingForDeletion: the deletion of Cluster team-a/demo to finish';
const DELETED = { metadata: { deletionTimestamp: '2026-01-01T00:00:00Z' } };

describe('gate G1', () => {
  it.each<{ reason: string; view: View; want: string | undefined }>([
    { reason: 'everything is there', view: OPEN, want: undefined },
    {
      reason: 'it needs neither agent nor Nodes',
      view: { ...OPEN, agentInstallation: undefined, machines: undefined },
      want: undefined,
    },
    { reason: 'nothing is there', view: {}, want: NOT_CREATED },
    {
      reason: 'the control plane is missing',
      view: { ...OPEN, controlPlane: undefined },
      want: NOT_CREATED,
    },
    {
      reason: 'infrastructure is not provisioned, and says why',
      view: {
        ...OPEN,
        cluster: reporting(
          patched(OPEN.cluster, {
            status: { initialization: { infrastructureProvisioned: false } },
          }),
          { InfrastructureReady: ['False', 'NetworkPending'] },
        ),
      },
      want: 'WaitingForInfrastructure: DevCluster team-a/demo to be provisioned (NetworkPending)',
    },
    {
      reason: 'infrastructure that is not even there',
      view: {
        cluster: patched(OPEN.cluster, { status: null }),
        controlPlane: OPEN.controlPlane,
      },
      want: 'WaitingForInfrastructure: infrastructure cluster to be provisioned',
    },
    {
      reason: 'no endpoint',
      view: { ...OPEN, cluster: patched(OPEN.cluster, { spec: { controlPlaneEndpoint: null } }) },
      want: 'WaitingForEndpoint: Cluster team-a/demo to get a control plane endpoint',
    },
    {
      reason: 'an endpoint without host',
      view: {
        ...OPEN,
        cluster: patched(OPEN.cluster, { spec: { controlPlaneEndpoint: { host: '' } } }),
      },
      want: 'WaitingForEndpoint: Cluster team-a/demo to get a control plane endpoint',
    },
    {
      reason: 'not initialized, with the reason',
      view: cluster({ ControlPlaneInitialized: ['False', 'NotInitialized'] }),
      want: 'WaitingForControlPlaneInitialized: Cluster team-a/demo to report ControlPlaneInitialized (NotInitialized)',
    },
    {
      reason: 'no connection: the message with its time is left out',
      view: cluster({ RemoteConnectionProbe: ['False', 'ProbeFailed', 'last probe at 10:00:01'] }),
      want: 'WaitingForRemoteConnectionProbe: Cluster team-a/demo to report RemoteConnectionProbe (ProbeFailed)',
    },
    {
      reason: 'Unknown is not yet',
      view: cluster({ RemoteConnectionProbe: ['Unknown', 'NotYetReported'] }),
      want: 'WaitingForRemoteConnectionProbe: Cluster team-a/demo to report RemoteConnectionProbe (NotYetReported)',
    },
    {
      reason: 'the control plane has not reported Initialized',
      view: controlPlane({ Initialized: undefined }),
      want: 'WaitingForInitialized: KubeadmControlPlane team-a/demo-cp to report Initialized',
    },
    {
      reason: 'status of the Cluster is old',
      view: { ...OPEN, cluster: patched(OPEN.cluster, { metadata: { generation: 2 } }) },
      want: STALE_CLUSTER,
    },
    {
      reason: 'status of the control plane is old',
      view: { ...OPEN, controlPlane: patched(OPEN.controlPlane, { metadata: { generation: 2 } }) },
      want: STALE_CONTROL_PLANE,
    },
    {
      reason: 'the Cluster is being deleted',
      view: { ...OPEN, cluster: patched(OPEN.cluster, DELETED) },
      want: LEAVING,
    },
  ])('$reason', ({ view, want }) => {
    expect(saidBy(view)).toBe(want);
  });
});
