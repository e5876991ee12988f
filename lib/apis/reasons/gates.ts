/*
 * Reasons are API: they are listed in docs/reasons.md, and renaming one is a change that users notice. A
 * comment says when a reason is set and, behind "Next:", what its reader does.
 */

/** G1_REASONS are the predicates of gate G1, which ManagedCluster shows on ControlPlaneInitialized. */
export const G1_REASONS = {
  /** The Cluster or its control plane does not exist yet. Next: when it lasts longer than a minute, see whether Crossplane can create them: `Synced` of the composite. */
  WaitingForCluster: 'WaitingForCluster',
  /** The Cluster or its control plane was deleted and is not gone yet. Next: wait until it is created again; to delete the cluster, delete the ManagedCluster instead. */
  WaitingForDeletion: 'WaitingForDeletion',
  /** The infrastructure provider has not provisioned the infrastructure cluster. Next: see its conditions; check credentials and quota. */
  WaitingForInfrastructure: 'WaitingForInfrastructure',
  /** The infrastructure is provisioned, but the control plane has no address. Next: see the provider of the load balancer, or set `controlPlane.endpoint`. */
  WaitingForEndpoint: 'WaitingForEndpoint',
  /** The first control plane machine boots, and kubeadm has not initialised it. Next: see its Machine, then cloud-init's log on the machine. */
  WaitingForControlPlaneInitialized: 'WaitingForControlPlaneInitialized',
  /** Cluster API cannot connect to the API server of the cluster. Next: open address and port of the control plane to the management side. */
  WaitingForRemoteConnectionProbe: 'WaitingForRemoteConnectionProbe',
  /** The control plane provider has not seen the first machine initialised. Next: see the conditions and the log of the control plane provider. */
  WaitingForInitialized: 'WaitingForInitialized',
  /** The status of the Cluster or of its control plane is about an older spec. Next: see whether the managers of Cluster API run. */
  WaitingForObservedGeneration: 'WaitingForObservedGeneration',
} as const;

/** G1Reason is the name of a predicate of gate G1. */
export type G1Reason = (typeof G1_REASONS)[keyof typeof G1_REASONS];

/** G2_REASONS are the predicates of gate G2, which ManagedCluster shows on Pivoted, and Pivot on Ready. */
export const G2_REASONS = {
  /** The AgentInstallation is not Ready. Next: see its conditions and parts. */
  WaitingForReady: 'WaitingForReady',
  /** `spec.paused` is set on the Cluster. Next: find out who paused it, then set it to false. */
  WaitingForUnpause: 'WaitingForUnpause',
  /** The Cluster or its control plane was deleted and is not gone yet. Next: wait until it is created again; to delete the cluster, delete the ManagedCluster instead. */
  WaitingForDeletion: 'WaitingForDeletion',
  /** The status of the Cluster or of its control plane is about an older spec. Next: see whether the managers of Cluster API run. */
  WaitingForObservedGeneration: 'WaitingForObservedGeneration',
  /** etcd or a component of the control plane is not healthy, or cannot be inspected. Next: see the conditions of the control plane; check that each Node has a providerID. */
  WaitingForAvailable: 'WaitingForAvailable',
  /** A machine of the control plane is missing, not ready or outdated. Next: see the conditions of the control plane. */
  WaitingForControlPlaneMachines: 'WaitingForControlPlaneMachines',
  /** A Machine has no ready Node, is being deleted or updated. Next: see the Machine that is named; check the layers of types cni and ccm. */
  WaitingForMachines: 'WaitingForMachines',
  /** Machines are replaced. Next: wait, it ends by itself. */
  WaitingForEndOfRollingOut: 'WaitingForEndOfRollingOut',
  /** Machines are added. Next: wait, it ends by itself. */
  WaitingForEndOfScalingUp: 'WaitingForEndOfScalingUp',
  /** Machines are removed. Next: wait, it ends by itself. */
  WaitingForEndOfScalingDown: 'WaitingForEndOfScalingDown',
  /** A machine that is not healthy is replaced. Next: wait, it ends by itself. */
  WaitingForEndOfRemediating: 'WaitingForEndOfRemediating',
  /** The machines of the control plane are deleted. Next: wait, it ends by itself. */
  WaitingForEndOfDeleting: 'WaitingForEndOfDeleting',
} as const;

/** G2Reason is the name of a predicate of gate G2. */
export type G2Reason = (typeof G2_REASONS)[keyof typeof G2_REASONS];

/** GateReason is the name of a predicate of a gate. */
export type GateReason = G1Reason | G2Reason;
