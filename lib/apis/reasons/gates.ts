/*
 * Reasons are API: they are listed in docs/reasons.md, and renaming one is a breaking change for users. The
 * comment of a reason says when it is set and, after "Next:", what the user does.
 */

/** G1_REASONS are the predicates of gate G1, which ManagedCluster shows on ControlPlaneInitialized. */
export const G1_REASONS = {
  /** The Cluster or its control plane does not exist yet. Next: if it takes longer than a minute, check whether Crossplane can create them: `Synced` of the composite. */
  WaitingForCluster: 'WaitingForCluster',
  /** The Cluster or its control plane is being deleted. Next: wait until it is created again; to delete the cluster, delete the ManagedCluster instead. */
  WaitingForDeletion: 'WaitingForDeletion',
  /** The infrastructure provider has not provisioned the infrastructure cluster. Next: check its conditions, the credentials and the quota. */
  WaitingForInfrastructure: 'WaitingForInfrastructure',
  /** The infrastructure is provisioned, but the control plane has no endpoint. Next: check the provider of the load balancer, or set `controlPlane.endpoint`. */
  WaitingForEndpoint: 'WaitingForEndpoint',
  /** The first control plane machine boots, and kubeadm has not initialized it yet. Next: check its Machine, then the cloud-init log on the machine. */
  WaitingForControlPlaneInitialized: 'WaitingForControlPlaneInitialized',
  /** Cluster API cannot connect to the API server of the cluster. Next: allow connections from the management side to the control plane endpoint. */
  WaitingForRemoteConnectionProbe: 'WaitingForRemoteConnectionProbe',
  /** The control plane provider has not observed that the first machine is initialized. Next: check the conditions and the log of the control plane provider. */
  WaitingForInitialized: 'WaitingForInitialized',
  /** The status of the Cluster or of its control plane is about an older spec. Next: check whether the managers of Cluster API run. */
  WaitingForObservedGeneration: 'WaitingForObservedGeneration',
} as const;

/** G1Reason is the name of a predicate of gate G1. */
export type G1Reason = (typeof G1_REASONS)[keyof typeof G1_REASONS];

/** G2_REASONS are the predicates of gate G2, which ManagedCluster shows on Pivoted, and Pivot on Ready. */
export const G2_REASONS = {
  /** The AgentInstallation is not Ready. Next: check its conditions and parts. */
  WaitingForReady: 'WaitingForReady',
  /** `spec.paused` is set on the Cluster. Next: find out who paused it, then set it to false. */
  WaitingForUnpause: 'WaitingForUnpause',
  /** The Cluster or its control plane is being deleted. Next: wait until it is created again; to delete the cluster, delete the ManagedCluster instead. */
  WaitingForDeletion: 'WaitingForDeletion',
  /** The status of the Cluster or of its control plane is about an older spec. Next: check whether the managers of Cluster API run. */
  WaitingForObservedGeneration: 'WaitingForObservedGeneration',
  /** etcd or a component of the control plane is not healthy, or cannot be inspected. Next: check the conditions of the control plane, and that each Node has a providerID. */
  WaitingForAvailable: 'WaitingForAvailable',
  /** A machine of the control plane is missing, not ready or out of date. Next: check the conditions of the control plane. */
  WaitingForControlPlaneMachines: 'WaitingForControlPlaneMachines',
  /** A Machine has no ready Node, or is being deleted or updated. Next: check the Machine that the message names, and the layers of types cni and ccm. */
  WaitingForMachines: 'WaitingForMachines',
  /** Machines are being replaced. Next: wait; no action is needed. */
  WaitingForEndOfRollingOut: 'WaitingForEndOfRollingOut',
  /** Machines are being added. Next: wait; no action is needed. */
  WaitingForEndOfScalingUp: 'WaitingForEndOfScalingUp',
  /** Machines are being removed. Next: wait; no action is needed. */
  WaitingForEndOfScalingDown: 'WaitingForEndOfScalingDown',
  /** An unhealthy machine is being replaced. Next: wait; no action is needed. */
  WaitingForEndOfRemediating: 'WaitingForEndOfRemediating',
  /** The machines of the control plane are being deleted. Next: wait; no action is needed. */
  WaitingForEndOfDeleting: 'WaitingForEndOfDeleting',
} as const;

/** G2Reason is the name of a predicate of gate G2. */
export type G2Reason = (typeof G2_REASONS)[keyof typeof G2_REASONS];

/** GateReason is the name of a predicate of a gate. */
export type GateReason = G1Reason | G2Reason;
