/** TEARDOWN_REASONS are the reasons of Operational while a ManagedCluster is deleted; each is also an Event. */
export const TEARDOWN_REASONS = {
  /** The annotation `crossplane.io/paused` is true: nothing is done, not even a deletion. Next: remove the annotation to continue. */
  ReconcilePaused: 'ReconcilePaused',
  /** A pivot before its commit is being aborted, and the cluster is given back. Next: if it persists, check the Pivot. */
  AbortingPivot: 'AbortingPivot',
  /** A pivot after its commit has to complete first. Next: if it persists, check the Pivot. */
  FinishingPivot: 'FinishingPivot',
  /** A pivot after its commit is being abandoned, because its target is permanently lost or was taken back. Next: if it persists, check the Pivot. */
  AbandoningPivot: 'AbandoningPivot',
  /** The objects of a self-managed cluster are being taken back. Next: if it persists, check the Pivot that takes the cluster back, and whether the API server of the cluster answers. */
  TakingClusterBack: 'TakingClusterBack',
  /** The cluster does not answer, and its last known state cannot be used. Next: bring its API server back, or set `deletionPolicy: Orphan`. */
  EscrowMissing: 'EscrowMissing',
  /** The namespace is being deleted too, so the objects that are needed to take the cluster back cannot be created. Next: do what the message says. */
  NamespaceTerminating: 'NamespaceTerminating',
  /** The Cluster is not reconciled on this side, so deleting it would leak its machines. Next: check the Pivots of the cluster. */
  NotOwner: 'NotOwner',
  /** The cluster manages itself, and what this side knows of its machines is from a backup of before the handover, so they cannot be removed in order. Next: set `deletionPolicy: Orphan`, and adopt the cluster to delete it. */
  SelfManagedAlready: 'SelfManagedAlready',
  /** The cluster was not handed over as far as this side knows, and does not answer, so it is not known whether it manages itself. Next: bring its API server back; if it is dead, wait, or set the annotation in the message. */
  ClusterSilent: 'ClusterSilent',
  /** Cluster API deletes machines and infrastructure. Next: wait. */
  RemovingMachines: 'RemovingMachines',
  /** An object that Cluster API or Crossplane deletes still exists after minutes. Next: fix what its controller reports: credentials, locks, permissions. */
  TeardownBlocked: 'TeardownBlocked',
  /** Secrets of the cluster are being deleted. Next: wait. */
  RemovingSecrets: 'RemovingSecrets',
  /** With `deletionPolicy: Orphan`, the objects are being released from Crossplane. Next: wait. */
  LettingGo: 'LettingGo',
  /** The objects that the provider keeps for the cluster are being deleted. Next: wait. */
  Releasing: 'Releasing',
  /** Crossplane has to remove its finalizer from the composite. Next: if it persists, check whether Crossplane runs. */
  WaitingForCrossplane: 'WaitingForCrossplane',
  /** A ConfigMap that no teardown created has the name of the report, and another one the name that is used instead. Next: delete or rename the ConfigMap that the message names. */
  NameTaken: 'NameTaken',
  /** An error stopped the deletion; it is retried. Next: fix what the message names; check the log of the provider. */
  TeardownFailed: 'TeardownFailed',
} as const;

/** TeardownReason is what a deletion waits for. */
export type TeardownReason = (typeof TEARDOWN_REASONS)[keyof typeof TEARDOWN_REASONS];

/** TEARDOWN_EVENTS are the other Events of a deletion. */
export const TEARDOWN_EVENTS = {
  /** Nothing of the cluster is left. Next: nothing. */
  TornDown: 'TornDown',
  /** The cluster does not answer and is taken back from its last known state. Next: nothing, unless its API server still runs: then check why the provider cannot reach it. */
  UsingEscrow: 'UsingEscrow',
  /** The deletion leaves a cluster that is not self-managed to Cluster API. Next: delete its Cluster object when it is no longer needed. */
  LeftWithClusterAPI: 'LeftWithClusterAPI',
  /** The cluster had requested load balancers or volumes that Cluster API does not delete. Next: look for them in the cloud; the message and the ConfigMap `<name>-teardown` name them. */
  LeftInTheCloud: 'LeftInTheCloud',
} as const;

/** TeardownEventReason is the reason of another Event of a deletion. */
export type TeardownEventReason = (typeof TEARDOWN_EVENTS)[keyof typeof TEARDOWN_EVENTS];
