/*
 * Reasons are API: people and programs match on them, so each is listed once, with what it means and what its
 * reader does. Writers are typed by these lists: a reason that is not listed does not compile. The lists by object
 * are in the folder of this name; docs/reasons.md is made from them.
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

/** OutcomeReason is why a step of a pivot, an installation or a teardown is open, or is given up. */
export type OutcomeReason =
  PivotReadyReason | AbortReason | TeardownReason | InstallationReadyReason;

/** ConditionReason is a reason of a condition of one of our objects. */
export type ConditionReason =
  ClusterReason | TeardownReason | PlanReason | InstallationReadyReason | PivotReason;

/** EventReason is the reason of an Event of one of our programs: many have that of the condition that they tell of. */
export type EventReason =
  | ConditionReason
  | ClusterEventReason
  | TeardownEventReason
  | InstallationEventReason
  | PivotEventReason;
