/*
 * Reasons are API: people and programs match on them. Each reason is listed once, with its meaning and the next
 * step for the user. Writers are typed by these lists, so an unlisted reason does not compile. The lists per object
 * are in the folder `reasons`; docs/reasons.md is generated from them.
 */
import type {
  InstallationEventReason,
  InstallationReadyReason,
} from './reasons/agent-installation.ts';
import type { PlanReason } from './reasons/cluster-plan.ts';
import type { ClusterEventReason, ClusterReason } from './reasons/managed-cluster.ts';
import type { PivotReadyReason } from './reasons/pivot-ready.ts';
import type { AbortReason, PivotEventReason, PivotReason } from './reasons/pivot.ts';
import type { TeardownEventReason, TeardownReason } from './reasons/teardown.ts';

/** OutcomeReason is why a step of a pivot, an installation or a teardown is not complete, or is abandoned. */
export type OutcomeReason =
  PivotReadyReason | AbortReason | TeardownReason | InstallationReadyReason;

/** ConditionReason is a reason of a condition of one of our objects. */
export type ConditionReason =
  ClusterReason | TeardownReason | PlanReason | InstallationReadyReason | PivotReason;

/** EventReason is the reason of an Event of one of our programs. Many Events use the reason of the condition that they report. */
export type EventReason =
  | ConditionReason
  | ClusterEventReason
  | TeardownEventReason
  | InstallationEventReason
  | PivotEventReason;
