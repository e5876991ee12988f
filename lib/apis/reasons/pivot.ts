import type { SyncedReason } from './agent-installation.ts';
import type { PivotReadyReason } from './pivot-ready.ts';

/** ABORTED_REASONS are those of Aborted. */
export const ABORTED_REASONS = {
  /** The attempt is under way. Next: nothing. */
  UnderWay: 'UnderWay',
  /** `spec.abort` is true, or the Pivot was deleted before its commit. Next: set `spec.abort` to false to try again. */
  AbortRequested: 'AbortRequested',
  /** The cluster was fenced for ten minutes without a commit; another attempt follows. Next: see in the message what it waited for. */
  TookTooLong: 'TookTooLong',
  /** An API server went on refusing a request; another attempt follows. Next: correct what the message says: a policy, a webhook or rights. */
  Refused: 'Refused',
  /** The Cluster vanished from the source during the attempt. Next: see both sides. */
  ClusterGone: 'ClusterGone',
  /** An object was deleted behind the fence, which ends only while the cluster is reconciled; another attempt follows. Next: see what holds the deletion. */
  DeletionUnderWay: 'DeletionUnderWay',
  /** Another object has become the controller of objects of the cluster; another attempt follows. Next: see who controls them. */
  ControllerChanged: 'ControllerChanged',
} as const;

/** AbortedReason is a reason of Aborted. */
export type AbortedReason = (typeof ABORTED_REASONS)[keyof typeof ABORTED_REASONS];

/** AbortReason is why an attempt ends. */
export type AbortReason = Exclude<AbortedReason, 'UnderWay'>;

/** COMMIT_REASONS are those of Committed and Released. */
export const COMMIT_REASONS = {
  /** The attempt is under way. Next: nothing. */
  UnderWay: 'UnderWay',
  /** The target has the cluster: there is no way back but another pivot. Next: nothing. */
  Committed: 'Committed',
  /** Crossplane no longer controls the objects. Next: nothing. */
  Released: 'Released',
  /** The attempt was aborted, so the objects were not released, or were given back. Next: see `Aborted`. */
  Aborted: 'Aborted',
} as const;

/** CommitReason is a reason of Committed and Released. */
export type CommitReason = (typeof COMMIT_REASONS)[keyof typeof COMMIT_REASONS];

/** PIVOT_EVENTS are the Events of a Pivot; a Ready that needs a user has one with its reason. */
export const PIVOT_EVENTS = {
  /** The cluster is fenced: until it is activated nobody reconciles it. Next: nothing. */
  PivotFenced: 'PivotFenced',
  /** The target reconciles the cluster. Next: nothing. */
  PivotActivated: 'PivotActivated',
  /** The pivot is complete. Next: nothing. */
  PivotCompleted: 'PivotCompleted',
  /** An attempt is taken back. Next: see `Aborted`. */
  PivotAborted: 'PivotAborted',
  /** Machines that were moved are no longer on the target. Next: see whether Cluster API replaces them; a health check or a user may have deleted them. */
  MachinesGone: 'MachinesGone',
  /** The workload side does not answer after it was taken back, so its objects stay, fenced. Next: nothing; remove the machines of that cluster if they still run. */
  SourceNotRemoved: 'SourceNotRemoved',
} as const;

/** PivotEventReason is the reason of an Event of a Pivot. */
export type PivotEventReason = (typeof PIVOT_EVENTS)[keyof typeof PIVOT_EVENTS];

/** PivotReason is a reason of a condition of a Pivot. */
export type PivotReason = PivotReadyReason | AbortedReason | CommitReason | SyncedReason;
