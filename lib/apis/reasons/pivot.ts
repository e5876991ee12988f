import type { SyncedReason } from './agent-installation.ts';
import type { PivotReadyReason } from './pivot-ready.ts';

/** ABORTED_REASONS are the reasons of Aborted. */
export const ABORTED_REASONS = {
  /** The attempt is in progress. Next: nothing. */
  UnderWay: 'UnderWay',
  /** `spec.abort` is true, or the Pivot was deleted before its commit. Next: set `spec.abort` to false to try again. */
  AbortRequested: 'AbortRequested',
  /** The cluster was fenced for ten minutes without a commit; another attempt follows. Next: check what the message says it waited for. */
  TookTooLong: 'TookTooLong',
  /** An API server kept refusing a request; another attempt follows. Next: fix what the message names: a policy, a webhook or permissions. */
  Refused: 'Refused',
  /** The Cluster was deleted from the source during the attempt. Next: check both sides. */
  ClusterGone: 'ClusterGone',
  /** An object was deleted while the cluster was fenced, and the deletion cannot finish until the cluster is reconciled; another attempt follows. Next: check what blocks the deletion. */
  DeletionUnderWay: 'DeletionUnderWay',
  /** Another object has become the controller of objects of the cluster; another attempt follows. Next: check who controls them. */
  ControllerChanged: 'ControllerChanged',
} as const;

/** AbortedReason is a reason of Aborted. */
export type AbortedReason = (typeof ABORTED_REASONS)[keyof typeof ABORTED_REASONS];

/** AbortReason is why an attempt ends. */
export type AbortReason = Exclude<AbortedReason, 'UnderWay'>;

/** COMMIT_REASONS are the reasons of Committed and Released. */
export const COMMIT_REASONS = {
  /** The attempt is in progress. Next: nothing. */
  UnderWay: 'UnderWay',
  /** The target owns the cluster; only another pivot can move it back. Next: nothing. */
  Committed: 'Committed',
  /** Crossplane no longer controls the objects. Next: nothing. */
  Released: 'Released',
  /** The attempt was aborted, so the objects were not released, or were given back to Crossplane. Next: see `Aborted`. */
  Aborted: 'Aborted',
} as const;

/** CommitReason is a reason of Committed and Released. */
export type CommitReason = (typeof COMMIT_REASONS)[keyof typeof COMMIT_REASONS];

/** PIVOT_EVENTS are the Events of a Pivot. A Ready condition that needs user action also has an Event with its reason. */
export const PIVOT_EVENTS = {
  /** The cluster is fenced: no side reconciles it until it is activated. Next: nothing. */
  PivotFenced: 'PivotFenced',
  /** The target reconciles the cluster. Next: nothing. */
  PivotActivated: 'PivotActivated',
  /** The cluster was adopted: this side manages it from now on. Next: nothing. */
  PivotAdopted: 'PivotAdopted',
  /** The pivot is complete. Next: nothing. */
  PivotCompleted: 'PivotCompleted',
  /** An attempt is being rolled back. Next: see `Aborted`. */
  PivotAborted: 'PivotAborted',
  /** Machines that were moved no longer exist on the target. Next: check whether Cluster API replaces them; a health check or a user may have deleted them. */
  MachinesGone: 'MachinesGone',
  /** The workload side does not answer after the cluster was taken back, so its objects stay there, fenced. Next: nothing; remove the machines of that cluster if they still run. */
  SourceNotRemoved: 'SourceNotRemoved',
  /** The cluster has other values than at its handover in fields that decide where its machines are and with whose rights; the recorded values are used. Next: check whether somebody changed them in the cluster. */
  RecordedValuesUsed: 'RecordedValuesUsed',
  /** The cluster got no certificate of its own for Cluster API, so it will not refuse a management side that is restored to before the handover. Next: nothing, or use a CA with a key that the message names. */
  AccessNotReplaced: 'AccessNotReplaced',
} as const;

/** PivotEventReason is the reason of an Event of a Pivot. */
export type PivotEventReason = (typeof PIVOT_EVENTS)[keyof typeof PIVOT_EVENTS];

/** PivotReason is a reason of a condition of a Pivot. */
export type PivotReason = PivotReadyReason | AbortedReason | CommitReason | SyncedReason;
