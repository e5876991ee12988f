import type { G2Reason } from './gates.ts';

/** PREPARE_REASONS are the reasons of Ready on a Pivot that has not started: nothing was changed yet. Ready also has the reasons of gate G2. */
export const PREPARE_REASONS = {
  /** The Cluster does not exist: on the source before the pivot starts, or on the target after its activation. Next: check both sides; a cluster that was never created cannot be pivoted. */
  WaitingForCluster: 'WaitingForCluster',
  /** The last attempt was rolled back; the next one starts after an increasing delay. Next: fix what the message names. */
  BackingOff: 'BackingOff',
  /** The source does not own the cluster. Next: check the owners on both sides, and the other Pivots. */
  NotTheOwner: 'NotTheOwner',
  /** The cluster is to be adopted, but does not manage itself. Next: adopt a cluster only after its pivot; one that is managed from another side is handed over there first. */
  NotSelfManaged: 'NotSelfManaged',
  /** The cluster belongs to another management side. Next: delete the ManagedCluster here with `spec.deletionPolicy: Orphan`; to take the cluster over, create it again with `spec.adoptFrom`. */
  ManagedElsewhere: 'ManagedElsewhere',
  /** The cluster that is to be adopted is not what the claim asks for: it has another account, region, server or network, or objects that no cluster of its cloud has. Next: change the claim until it describes the cluster, or remove such objects in the cluster. */
  AdoptionMismatch: 'AdoptionMismatch',
  /** The kubeconfig does not lead to the cluster that is to be adopted. Next: correct the Secret that the message names. */
  TargetRefused: 'TargetRefused',
  /** This management side has a record of the cluster that is to be adopted. Next: delete the ManagedCluster that it belongs to with `spec.deletionPolicy: Orphan`. */
  RecordExists: 'RecordExists',
  /** The cluster that is to be adopted says that machines of another cluster are its own. Next: find out which of the two clusters is not what it says. */
  MachinesClaimed: 'MachinesClaimed',
  /** Another Pivot of the cluster has to finish first. Next: wait for it, or set `spec.abort` on it; delete the one that is not needed. */
  AnotherPivot: 'AnotherPivot',
  /** The Cluster is created from a ClusterClass. Next: keep it on the management side, or create it without a ClusterClass. */
  TopologyNotSupported: 'TopologyNotSupported',
  /** The cluster has more objects than a Pivot can report. Next: scale the node pools down, pivot, and scale them up again. */
  TooManyObjects: 'TooManyObjects',
  /** An object of the cluster is being deleted. Next: check what blocks its deletion. */
  WaitingForDeletion: 'WaitingForDeletion',
  /** The objects of the cluster have several controllers. Next: check who controls the objects in the message, and keep one controller. */
  SeveralControllers: 'SeveralControllers',
  /** An object of the cluster has a kind that the product does not move. Next: delete it, or detach it from the cluster. */
  KindNotMovable: 'KindNotMovable',
  /** The target does not serve a kind of the cluster. Next: check the providers on the target. */
  KindNotServed: 'KindNotServed',
  /** The providers on the target are missing or older; the provider is still installing them. Next: if it persists, check the AgentInstallation. */
  ProvidersNotReady: 'ProvidersNotReady',
  /** The providers on the management side are missing or older than those in the cluster. Next: upgrade the providers on the management side. */
  ProvidersTooOld: 'ProvidersTooOld',
  /** An admission policy is missing on one side. Next: check which policies exist; the provider installs them when it starts. */
  PoliciesMissing: 'PoliciesMissing',
  /** Copies from an interrupted attempt are being removed from the target; an Event says so. Next: wait. */
  RemovingLeftovers: 'RemovingLeftovers',
  /** A webhook on the target does not answer a dry run. Next: check the managers of Cluster API there. */
  WebhookNotReady: 'WebhookNotReady',
  /** The target refuses a copy in a dry run. Next: compare versions and feature gates of the providers on both sides. */
  CopyRefused: 'CopyRefused',
  /** The API server of the cluster does not answer, so its certificate cannot be checked. Next: check whether the management side can reach it. */
  WorkloadUnreachable: 'WorkloadUnreachable',
  /** The kubeconfig of the cluster cannot be used. Next: delete the Secret, so that Cluster API creates it again. */
  KubeconfigUnreadable: 'KubeconfigUnreadable',
  /** The certificate of the API server was not signed by the CA of the cluster. Next: find out which machine has the address of the control plane. */
  AuthorityMismatch: 'AuthorityMismatch',
  /** The cluster has to be taken back from an escrow that does not exist. Next: take it back from the cluster itself: `spec.source: Cluster`. */
  NoEscrow: 'NoEscrow',
  /** Nothing says how the cluster was handed over, so nothing in it can be verified. Next: restore the Secret with the label `managedcluster.io/record` from a backup. */
  RecordMissing: 'RecordMissing',
  /** The record of the handover was not written by this provider, or was changed. Next: restore the Secret that the message names, or the keys of the provider, from a backup. */
  RecordRefused: 'RecordRefused',
  /** The cluster has machines, keys or references that the record of its handover does not explain. Next: correct them in the cluster; if they may stay there, set the annotation that the message names. */
  RecordMismatch: 'RecordMismatch',
  /** The escrow was not written by this provider for this handover, was changed, or is older than the last one. Next: take the cluster back from itself: `spec.source: Cluster`. */
  EscrowRefused: 'EscrowRefused',
} as const;

/** PrepareReason is what a Pivot waits for before it starts. */
export type PrepareReason = (typeof PREPARE_REASONS)[keyof typeof PREPARE_REASONS];

/** READY_REASONS are the reasons of Ready on a Pivot that has started. */
export const READY_REASONS = {
  /** The pivot is complete. Next: nothing. */
  Completed: 'Completed',
  /** A provider blocks the move of an object until an operation has finished. Next: check what the provider of the object in the message waits for. */
  MoveBlocked: 'MoveBlocked',
  /** A controller has not confirmed that it has paused. Next: check whether the provider of the object in the message runs. */
  WaitingForPause: 'WaitingForPause',
  /** The owner of the Cluster was changed during the pivot. Next: check the owners on both sides, and the other Pivots. */
  OwnerChanged: 'OwnerChanged',
  /** The escrow contains no Cluster. Next: take the cluster back from the cluster itself: `spec.source: Cluster`. */
  EscrowEmpty: 'EscrowEmpty',
  /** The target has an object with the same name that the pivot did not create. Next: delete or rename it there, or abort. */
  ForeignObject: 'ForeignObject',
  /** The Cluster in the workload cluster says that it manages itself already: this management side was restored from a backup of before the handover, or another one has handed the cluster over. Next: let the cluster go with `spec.deletionPolicy: Orphan`, adopt it, and do not delete anything in the cluster. */
  SelfManagedAlready: 'SelfManagedAlready',
  /** An object was changed while the cluster is fenced and is copied again. Next: if it persists, find out who writes to it. */
  SourceChanged: 'SourceChanged',
  /** A copy differs from its original. Next: if it persists, check which webhook or controller on the target changes it. */
  CopyDiffers: 'CopyDiffers',
  /** The API server of the target did not answer for some time, so its controllers may not have seen the copies yet. Next: wait, a minute at most after its last failure. */
  TargetReconnecting: 'TargetReconnecting',
  /** The Cluster could not be unpaused on the target. Next: check which policy or webhook there refuses it. */
  ActivationRefused: 'ActivationRefused',
  /** The Cluster was deleted on the target after the commit. Next: restore it from a backup, or abandon the Pivot and take the cluster back from its escrow. */
  TargetLost: 'TargetLost',
  /** Controllers on the target have not reconciled their objects yet. Next: check the managers of Cluster API there. */
  WaitingForReconcile: 'WaitingForReconcile',
  /** The control plane is not Available on the target yet. Next: check its conditions there. */
  WaitingForControlPlane: 'WaitingForControlPlane',
  /** Crossplane still references the objects. Next: check whether it reconciles the composite. */
  WaitingForAcknowledgement: 'WaitingForAcknowledgement',
  /** The source is owned or unpaused again, so nothing is removed from it. Next: check the owners on both sides, and the other Pivots. */
  SourceNotFenced: 'SourceNotFenced',
  /** Objects are being deleted: those of the source, or the copies of an aborted attempt. Next: check who set a finalizer on the object in the message. */
  WaitingForRemoval: 'WaitingForRemoval',
  /** An error stopped the step while the cluster is fenced; it is retried at once. Next: fix what the message names, or abort. */
  ReconcileError: 'ReconcileError',
  /** The annotation `crossplane.io/paused` stops the pivot while no side reconciles the cluster; an Event says so. Next: remove the annotation. */
  PausedWhileFenced: 'PausedWhileFenced',
  /** An attempt is being rolled back. Next: wait. */
  Aborting: 'Aborting',
  /** An aborted attempt is rolled back as soon as the target answers; the source is reconciled again. Next: check whether the target can be reached. */
  TargetUnreachable: 'TargetUnreachable',
  /** The pivot was aborted, and the cluster stays where it was. Next: set `spec.abort` to false to try again. */
  Aborted: 'Aborted',
  /** The Pivot was abandoned after its commit. Next: check the Pivot that takes the cluster back; delete this one when that is Ready. */
  Abandoned: 'Abandoned',
} as const;

/** PivotReadyReason is a reason of Ready of a Pivot. */
export type PivotReadyReason =
  PrepareReason | (typeof READY_REASONS)[keyof typeof READY_REASONS] | G2Reason;
