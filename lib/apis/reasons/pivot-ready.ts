import type { G2Reason } from './gates.ts';

/** PREPARE_REASONS are those of Ready of a Pivot that has not begun: nothing was changed yet. Those of gate G2 come beside them. */
export const PREPARE_REASONS = {
  /** The Cluster is not there: on the source before the pivot begins, or not seen on the target after it was activated. Next: see both sides; a cluster that was never created has no pivot. */
  WaitingForCluster: 'WaitingForCluster',
  /** The last attempt was taken back, and the next one comes after a growing pause. Next: correct what the message names. */
  BackingOff: 'BackingOff',
  /** The side that the cluster is to come from does not own it. Next: see the owners on both sides, and the other Pivots. */
  NotTheOwner: 'NotTheOwner',
  /** Another Pivot of the cluster goes first. Next: wait for it, or set `spec.abort` on it; delete the one that is not wanted. */
  AnotherPivot: 'AnotherPivot',
  /** The Cluster is made from a ClusterClass. Next: leave it with the management side, or create it without a ClusterClass. */
  TopologyNotSupported: 'TopologyNotSupported',
  /** The cluster has more objects than a Pivot can report. Next: scale the node pools down, hand over, scale up again. */
  TooManyObjects: 'TooManyObjects',
  /** An object of the cluster is being deleted. Next: see what holds its deletion. */
  WaitingForDeletion: 'WaitingForDeletion',
  /** The objects of the cluster have several controllers. Next: see who controls what is named, and leave one. */
  SeveralControllers: 'SeveralControllers',
  /** The target does not serve a kind of the cluster. Next: see the providers on the target. */
  KindNotServed: 'KindNotServed',
  /** The providers on the target are missing or older; the provider is still installing them. Next: when it lasts, see the AgentInstallation. */
  ProvidersNotReady: 'ProvidersNotReady',
  /** The providers on the management side are missing or older than those in the cluster. Next: upgrade the providers on the management side. */
  ProvidersTooOld: 'ProvidersTooOld',
  /** An admission policy is missing on a side. Next: see which are there; the provider installs them when it starts. */
  PoliciesMissing: 'PoliciesMissing',
  /** Copies of an attempt that was cut off are removed from the target; an Event says so. Next: wait. */
  RemovingLeftovers: 'RemovingLeftovers',
  /** A webhook on the target does not answer a dry run. Next: see the managers of Cluster API there. */
  WebhookNotReady: 'WebhookNotReady',
  /** The target refuses a copy in a dry run. Next: compare versions and feature gates of the providers on both sides. */
  CopyRefused: 'CopyRefused',
  /** The API server of the cluster does not answer, so its certificate cannot be checked. Next: see whether it can be reached from the management side. */
  WorkloadUnreachable: 'WorkloadUnreachable',
  /** The kubeconfig of the cluster cannot be used. Next: delete the Secret, so that Cluster API creates it again. */
  KubeconfigUnreadable: 'KubeconfigUnreadable',
  /** The API server has a certificate that the authority of the cluster did not sign. Next: see who has the address of the control plane. */
  AuthorityMismatch: 'AuthorityMismatch',
  /** The cluster is to be taken back from an escrow that is not there. Next: take it back from the cluster itself: `spec.source: Cluster`. */
  NoEscrow: 'NoEscrow',
} as const;

/** PrepareReason is what a Pivot waits for before it begins. */
export type PrepareReason = (typeof PREPARE_REASONS)[keyof typeof PREPARE_REASONS];

/** READY_REASONS are those of Ready of a Pivot that has begun. */
export const READY_REASONS = {
  /** The pivot is complete. Next: nothing. */
  Completed: 'Completed',
  /** A provider forbids the move of an object until it has finished an operation. Next: see what the provider of the named object waits for. */
  MoveBlocked: 'MoveBlocked',
  /** A controller has not confirmed that it has paused. Next: see whether the provider of the named object runs. */
  WaitingForPause: 'WaitingForPause',
  /** Something has changed the owner of the Cluster during the pivot. Next: see the owners on both sides, and the other Pivots. */
  OwnerChanged: 'OwnerChanged',
  /** The escrow holds no Cluster. Next: take the cluster back from the cluster itself: `spec.source: Cluster`. */
  EscrowEmpty: 'EscrowEmpty',
  /** The target has an object of the same name that the pivot did not create. Next: delete or rename it there, or abort. */
  ForeignObject: 'ForeignObject',
  /** An object was changed behind the fence and is copied again. Next: when it lasts, find out who writes to it. */
  SourceChanged: 'SourceChanged',
  /** A copy differs from its original. Next: when it lasts, see which webhook or controller on the target changes it. */
  CopyDiffers: 'CopyDiffers',
  /** The Cluster could not be un-paused on the target. Next: see which policy or webhook there refuses it. */
  ActivationRefused: 'ActivationRefused',
  /** The Cluster was deleted on the target after the commit. Next: restore it from a backup, or give the Pivot up and take the cluster back from its escrow. */
  TargetLost: 'TargetLost',
  /** Controllers on the target have not taken up their objects. Next: see the managers of Cluster API there. */
  WaitingForReconcile: 'WaitingForReconcile',
  /** The control plane is not Available on the target yet. Next: see its conditions there. */
  WaitingForControlPlane: 'WaitingForControlPlane',
  /** Crossplane still references the objects. Next: see whether it reconciles the composite. */
  WaitingForAcknowledgement: 'WaitingForAcknowledgement',
  /** The source is owned or not paused again, so nothing of it is removed. Next: see the owners on both sides, and the other Pivots. */
  SourceNotFenced: 'SourceNotFenced',
  /** Objects are deleted and not gone: those of the source, or the copies of an aborted attempt. Next: see who puts a finalizer on the named object. */
  WaitingForRemoval: 'WaitingForRemoval',
  /** An error stopped the step while the cluster is fenced; it is tried again at once. Next: correct what the message names, or abort. */
  ReconcileError: 'ReconcileError',
  /** The annotation `crossplane.io/paused` stops the pivot while nobody reconciles the cluster; an Event says so. Next: remove it. */
  PausedWhileFenced: 'PausedWhileFenced',
  /** An attempt is taken back. Next: wait. */
  Aborting: 'Aborting',
  /** An aborted attempt is taken back as soon as the target answers; the source runs again. Next: see whether the target can be reached. */
  TargetUnreachable: 'TargetUnreachable',
  /** The pivot was aborted, and the cluster stays where it was. Next: set `spec.abort` to false to try again. */
  Aborted: 'Aborted',
  /** The Pivot was told to give up behind its commit. Next: see the Pivot of the way back; delete this one when that is Ready. */
  Abandoned: 'Abandoned',
} as const;

/** PivotReadyReason is a reason of Ready of a Pivot. */
export type PivotReadyReason =
  PrepareReason | (typeof READY_REASONS)[keyof typeof READY_REASONS] | G2Reason;
