import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import { firstUnmet, G1, G2, type Gate, type View } from '../../capi/gates.ts';
import { aMachine, reporting } from '../testing/objects.ts';

const TRUE = { status: 'True', reason: 'Reported', message: '' };

function conditions(...types: readonly string[]) {
  return types.map((type) => ({ type, ...TRUE }));
}

/** Objects of the v1beta1 contract (facts/capi.md 2.2): the new conditions and counts are in status.v1beta2. */
function aView(clusterTypes: readonly string[], controlPlaneTypes: readonly string[]): View {
  const metadata = { name: 'demo', namespace: 'team-a', generation: 1 };
  const cluster: KubeObject = {
    apiVersion: 'cluster.x-k8s.io/v1beta1',
    kind: 'Cluster',
    metadata,
    spec: { controlPlaneEndpoint: { host: '192.0.2.1', port: 6443 } },
    status: {
      observedGeneration: 1,
      infrastructureReady: true,
      conditions: conditions('Ready', 'ControlPlaneInitialized'),
      v1beta2: { conditions: conditions(...clusterTypes) },
    },
  };
  const controlPlane: KubeObject = {
    apiVersion: 'controlplane.cluster.x-k8s.io/v1beta1',
    kind: 'KubeadmControlPlane',
    metadata,
    spec: { replicas: 1 },
    status: {
      observedGeneration: 1,
      replicas: 1,
      readyReplicas: 0,
      // In the old meaning: kubeadm-config exists.
      conditions: conditions('Available'),
      v1beta2: {
        conditions: conditions(...controlPlaneTypes),
        readyReplicas: 1,
        availableReplicas: 1,
        upToDateReplicas: 1,
      },
    },
  };
  const agent = { apiVersion: 'm.managedcluster.io/v1alpha1', kind: 'AgentInstallation', metadata };
  const agentInstallation = reporting(agent, { Ready: 'True' });
  return { cluster, controlPlane, agentInstallation, machines: [aMachine()] };
}

describe('the gates read objects of the v1beta1 contract', () => {
  const initialized = ['ControlPlaneInitialized', 'RemoteConnectionProbe'];

  it('opens both', () => {
    const view = aView(initialized, ['Initialized', 'Available']);

    expect(firstUnmet(G1, view)?.name).toBeUndefined();
    expect(firstUnmet(G2, view)?.name).toBeUndefined();
  });

  it.each<{ reason: string; gate: Gate; view: View; want: string }>([
    {
      reason: 'the old condition Available only says that kubeadm has run',
      gate: G2,
      view: aView(initialized, ['Initialized']),
      want: 'WaitingForAvailable',
    },
    {
      reason: 'the old ControlPlaneInitialized does not count where there are new ones',
      gate: G1,
      view: aView(['RemoteConnectionProbe'], ['Initialized', 'Available']),
      want: 'WaitingForControlPlaneInitialized',
    },
  ])('$reason', ({ gate, view, want }) => {
    expect(firstUnmet(gate, view)?.name).toBe(want);
  });
});
