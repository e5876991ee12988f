import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../lib/core/object.ts';
import { firstUnmet, G1, G2, type Gate, type View } from '../../capi/gates.ts';
import { isTrue } from '../../lib/core/conditions.ts';
import { reporting } from '../testing/objects.ts';

/*
 * CP-A of a cloud whose cloud controller writes the providerID, before that controller runs: what
 * Cluster API v1.14.2 writes then (kubeadmcontrolplane/status.go setAvailableCondition,
 * workload_cluster_conditions.go, machine_controller_status.go).
 */
const PROVIDER_ID = 'vsphere://4221a3c2-5b1f-4a0f-9d3c-000000000001';
const WAITING = `Waiting for a Node with spec.providerID ${PROVIDER_ID} to exist`;

type Said = readonly [status: string, reason: string, message?: string];

function conditions(all: Readonly<Record<string, Said>>): readonly JsonObject[] {
  return Object.entries(all).map(([type, [status, reason, message = '']]) => ({
    type,
    status,
    reason,
    message,
    lastTransitionTime: '2026-01-01T00:00:00Z',
  }));
}

const QUIET: Readonly<Record<string, Said>> = {
  RollingOut: ['False', 'NotRollingOut'],
  ScalingUp: ['False', 'NotScalingUp'],
  ScalingDown: ['False', 'NotScalingDown'],
  Remediating: ['False', 'NotRemediating'],
  Deleting: ['False', 'NotDeleting'],
  Paused: ['False', 'NotPaused'],
};

const AVAILABLE: Readonly<Record<string, Said>> = {
  'in the first two minutes': [
    'False',
    'NotAvailable',
    'Waiting for etcd to report the list of members',
  ],
  'later, and for ever': ['Unknown', 'InspectionFailed', 'Failed to get etcd members'],
};

function aView(available: Said): View {
  return {
    cluster: {
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'Cluster',
      metadata: { name: 'demo', namespace: 'team-a', generation: 2 },
      spec: { controlPlaneEndpoint: { host: '192.0.2.1', port: 6443 } },
      status: {
        observedGeneration: 2,
        phase: 'Provisioned',
        initialization: { infrastructureProvisioned: true, controlPlaneInitialized: true },
        conditions: conditions({
          Available: ['False', 'NotAvailable', '* ControlPlaneAvailable: Control plane is not'],
          InfrastructureReady: ['True', 'Ready'],
          ControlPlaneInitialized: ['True', 'Initialized'],
          ControlPlaneAvailable: available,
          ControlPlaneMachinesReady: ['Unknown', 'ReadyUnknown'],
          RemoteConnectionProbe: ['True', 'ProbeSucceeded'],
          ...QUIET,
        }),
      },
    },
    controlPlane: {
      apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
      kind: 'KubeadmControlPlane',
      metadata: { name: 'demo-cp', namespace: 'team-a', generation: 1 },
      spec: { replicas: 1, version: 'v1.35.4' },
      status: {
        observedGeneration: 1,
        initialization: { controlPlaneInitialized: true },
        replicas: 1,
        readyReplicas: 0,
        availableReplicas: 0,
        upToDateReplicas: 1,
        conditions: conditions({
          Available: available,
          Initialized: ['True', 'Initialized'],
          CertificatesAvailable: ['True', 'Available'],
          EtcdClusterHealthy: ['Unknown', 'HealthUnknown', `* Machine demo-cp-1: ${WAITING}`],
          ControlPlaneComponentsHealthy: ['Unknown', 'HealthUnknown', `* demo-cp-1: ${WAITING}`],
          MachinesReady: ['Unknown', 'ReadyUnknown'],
          MachinesUpToDate: ['True', 'UpToDate'],
          ...QUIET,
        }),
      },
    },
    machines: [
      {
        apiVersion: 'cluster.x-k8s.io/v1beta2',
        kind: 'Machine',
        metadata: { name: 'demo-cp-1', namespace: 'team-a' },
        spec: { providerID: PROVIDER_ID },
        status: {
          phase: 'Provisioned',
          conditions: conditions({
            Ready: ['Unknown', 'ReadyUnknown', `* NodeHealthy: ${WAITING}`],
            BootstrapConfigReady: ['True', 'Ready'],
            InfrastructureReady: ['True', 'Ready'],
            NodeHealthy: ['Unknown', 'InspectionFailed', WAITING],
            NodeReady: ['Unknown', 'InspectionFailed', WAITING],
            EtcdMemberHealthy: ['Unknown', 'InspectionFailed', WAITING],
          }),
        },
      },
    ],
  };
}

/** The agent is installed and its node layers are not: what is left to wait for is the rest of G2. */
function withAgent(view: View): View {
  const agent = {
    apiVersion: 'm.managedcluster.io/v1alpha1',
    kind: 'AgentInstallation',
    metadata: { name: 'demo', namespace: 'team-a', generation: 1 },
  };
  return { ...view, agentInstallation: reporting(agent, { Ready: 'True' }) };
}

function saidBy(gate: Gate, view: View): string | undefined {
  return firstUnmet(gate, view)?.waitingFor(view);
}

describe('CP-A before its cloud controller', () => {
  it.each(Object.entries(AVAILABLE))('%s: opens gate G1, which lets the agent in', (_, told) => {
    const view = aView(told);
    expect(isTrue(view.controlPlane, 'Available')).toBe(false);
    expect(saidBy(G1, view)).toBeUndefined();
  });

  it.each(Object.entries(AVAILABLE))('%s: gate G2 waits, first for the agent', (_, told) => {
    expect(saidBy(G2, aView(told))).toBe('AgentInstallation to report Ready');
  });

  it.each(Object.entries(AVAILABLE))('%s: gate G2 waits for what is missing', (_, told) => {
    expect(saidBy(G2, withAgent(aView(told)))).toBe(
      `KubeadmControlPlane team-a/demo-cp to report Available (${told[1]})`,
    );
  });

  // Whatever else a condition of a Machine or of the control plane says: none may hold the agent up.
  it.each(['Available', 'EtcdClusterHealthy', 'ControlPlaneComponentsHealthy', 'MachinesReady'])(
    'gate G1 does not look at %s of the control plane',
    (type) => {
      const { controlPlane, ...rest } = aView(['True', 'Available']);
      const view = { ...rest, controlPlane: reporting(controlPlane!, { [type]: undefined }) };
      expect(saidBy(G1, view)).toBeUndefined();
    },
  );
});
