/** TEARDOWN_REASONS are those of Operational while a ManagedCluster is deleted; each comes with an Event. */
export const TEARDOWN_REASONS = {
  /** The annotation `crossplane.io/paused` is true: nothing is done, not even a deletion. Next: remove it to go on. */
  ReconcilePaused: 'ReconcilePaused',
  /** A pivot before its commit is called off, and the cluster given back. Next: when it lasts, see the Pivot. */
  AbortingPivot: 'AbortingPivot',
  /** A pivot behind its commit is brought to its end first. Next: when it lasts, see the Pivot. */
  FinishingPivot: 'FinishingPivot',
  /** A pivot behind its commit gives up, because the cluster that it goes to is dead or was taken back. Next: when it lasts, see the Pivot. */
  AbandoningPivot: 'AbandoningPivot',
  /** The objects of a cluster that manages itself are taken back. Next: when it lasts, see the Pivot of the way back and whether the API server of the cluster answers. */
  TakingClusterBack: 'TakingClusterBack',
  /** The cluster does not answer, and its last known state cannot be used. Next: bring its API server back, or set `deletionPolicy: Orphan`. */
  EscrowMissing: 'EscrowMissing',
  /** The namespace is deleted too, so what the way back needs cannot be created. Next: do what the message says. */
  NamespaceTerminating: 'NamespaceTerminating',
  /** The Cluster is not reconciled on this side, so deleting it would lose its machines. Next: see the Pivots of the cluster. */
  NotOwner: 'NotOwner',
  /** Cluster API deletes machines and infrastructure. Next: wait. */
  RemovingMachines: 'RemovingMachines',
  /** An object that Cluster API or Crossplane deletes has not gone for minutes. Next: correct what its controller reports: credentials, locks, permissions. */
  TeardownBlocked: 'TeardownBlocked',
  /** Secrets of the cluster are deleted. Next: wait. */
  RemovingSecrets: 'RemovingSecrets',
  /** With `deletionPolicy: Orphan` the objects are released from Crossplane. Next: wait. */
  LettingGo: 'LettingGo',
  /** What the provider keeps for the cluster is deleted. Next: wait. */
  Releasing: 'Releasing',
  /** Crossplane has to remove its finalizer from the composite. Next: when it lasts, see whether Crossplane runs. */
  WaitingForCrossplane: 'WaitingForCrossplane',
  /** An error stopped the deletion; it is tried again. Next: correct what the message names; see the log of the provider. */
  TeardownFailed: 'TeardownFailed',
} as const;

/** TeardownReason is what a deletion waits for. */
export type TeardownReason = (typeof TEARDOWN_REASONS)[keyof typeof TEARDOWN_REASONS];

/** TEARDOWN_EVENTS are further Events of a deletion. */
export const TEARDOWN_EVENTS = {
  /** Nothing is left of the cluster. Next: nothing. */
  TornDown: 'TornDown',
  /** The cluster does not answer and is taken back from its last known state. Next: nothing, unless its API server is alive after all: then see what keeps the provider from reaching it. */
  UsingEscrow: 'UsingEscrow',
  /** The deletion leaves a cluster that is not self-managed with Cluster API. Next: delete its Cluster object when it is no longer wanted. */
  LeftWithClusterAPI: 'LeftWithClusterAPI',
  /** The cluster had ordered load balancers or volumes that Cluster API does not delete. Next: look for them in the cloud; the message and the ConfigMap `<name>-teardown` name them. */
  LeftInTheCloud: 'LeftInTheCloud',
} as const;

/** TeardownEventReason is the reason of a further Event of a deletion. */
export type TeardownEventReason = (typeof TEARDOWN_EVENTS)[keyof typeof TEARDOWN_EVENTS];
