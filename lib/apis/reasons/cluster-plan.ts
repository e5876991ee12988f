import type { Relayed } from './reason-list.ts';

/** MACHINES_REASONS are the reasons of ControlPlaneReady and WorkersReady. */
export const MACHINES_REASONS = {
  /** All machines are ready and have the version of the plan. Next: nothing. */
  Ready: 'Ready',
  /** The plan has no node pools. Next: nothing. */
  NoNodePools: 'NoNodePools',
  /** `spec.paused` of the claim, or of the Cluster in the workload cluster, is true. Next: set it to false to continue. */
  Paused: 'Paused',
  /** The cluster has not been pivoted yet. Next: see `Pivoted`. */
  WaitingForPivot: 'WaitingForPivot',
  /** A pivot is in progress. Next: check the Pivot. */
  Moving: 'Moving',
  /** The management side has taken the cluster back. Next: check the Pivots; a deletion does this, or a Pivot with direction ToManagement. */
  TakenBack: 'TakenBack',
  /** The API server refused a change to the machines. Next: fix what the message names: a policy, a webhook, a quota or the claim. */
  WriteRefused: 'WriteRefused',
  /** Cluster API cannot upgrade from the current version to the desired one. Next: use a version in the claim that the message allows. */
  VersionNotReachable: 'VersionNotReachable',
  /** This version of the agent cannot expand the plan. Next: change the field that the message names, or run the agent and the function at the same version. */
  UnusablePlan: 'UnusablePlan',
  /** The control plane object does not exist yet. Next: if it persists, check the log of the agent. */
  WaitingForControlPlane: 'WaitingForControlPlane',
  /** The MachineDeployment of a pool does not exist yet. Next: if it persists, check whether the control plane has the version of the plan. */
  WaitingForPool: 'WaitingForPool',
  /** Cluster API has not observed the latest spec. Next: if it persists, check whether its managers run in the workload cluster. */
  WaitingForObservedGeneration: 'WaitingForObservedGeneration',
  /** A Machine has no ready Node. Next: check the Machine that the message names. */
  WaitingForMachines: 'WaitingForMachines',
  /** Machines are being replaced. Next: wait; if it persists, check the machine that the message names. */
  RollingOut: 'RollingOut',
  /** Machines are being added or removed. Next: wait; if it persists, check quota and capacity. */
  Scaling: 'Scaling',
} as const;

/** MachinesReason is a reason of ControlPlaneReady and WorkersReady. */
export type MachinesReason = (typeof MACHINES_REASONS)[keyof typeof MACHINES_REASONS];

/** LAYERS_REASONS are the reasons of NodeLayersReady and AddOnsReady. */
export const LAYERS_REASONS = {
  /** All layers are ready. Next: nothing. */
  Ready: 'Ready',
  /** The plan has no layers of this kind. Next: nothing. */
  NoLayers: 'NoLayers',
  /** A layer waits for the layers before it, or for a Secret that the message names. Next: create the Secret with the annotation `managedcluster.io/usable-by`; otherwise check the layers before it. */
  Pending: 'Pending',
  /** A layer is being installed, or its objects are not ready. Next: if it persists, check its Pods in the workload cluster. */
  Installing: 'Installing',
  /** A layer could not be installed or removed; it is retried. Next: fix what the message names; a mistake in the layer needs a new version of the ClusterProfile. */
  Failed: 'Failed',
} as const;

/** LayersReason is a reason of NodeLayersReady and AddOnsReady. */
export type LayersReason = (typeof LAYERS_REASONS)[keyof typeof LAYERS_REASONS];

/** PLAN_ACCEPTED_REASONS are the reasons of PlanAccepted. */
export const PLAN_ACCEPTED_REASONS = {
  /** The agent has accepted this plan. Next: nothing. */
  Accepted: 'Accepted',
  /** The plan in the workload cluster was edited there; the edit stays until the claim changes. Next: make the same change in the claim. */
  ChangedInside: 'ChangedInside',
  /** The plan has a lower epoch than the one in the workload cluster, so it is ignored. Next: check which side owns the cluster; an old backup of the management side may have been restored. */
  OlderEpoch: 'OlderEpoch',
  /** The plan is not a successor of the plan that the cluster follows: the management side was restored from a backup or replaced. Next: change the claim until it asks for what the cluster has, or accept the plan with the command in the message. */
  ManagementRestored: 'ManagementRestored',
} as const;

/** PlanAcceptedReason is a reason of PlanAccepted. */
export type PlanAcceptedReason = (typeof PLAN_ACCEPTED_REASONS)[keyof typeof PLAN_ACCEPTED_REASONS];

/** AGENT_CONNECTED_REASONS are the reasons of AgentConnected. The agent sets it to True, the provider to False. */
export const AGENT_CONNECTED_REASONS = {
  /** The agent renews its Lease on the management side. Next: nothing. */
  HeartbeatReceived: 'HeartbeatReceived',
  /** The agent has not renewed its Lease for 40 seconds; an Event says so once. Next: check whether its Pod runs in the workload cluster and can reach the management side. */
  AgentSilent: 'AgentSilent',
} as const;

/** AgentConnectedReason is a reason of AgentConnected. */
export type AgentConnectedReason =
  (typeof AGENT_CONNECTED_REASONS)[keyof typeof AGENT_CONNECTED_REASONS];

/** PlanReason is a reason of a condition of a ClusterPlan. */
export type PlanReason =
  MachinesReason | LayersReason | PlanAcceptedReason | AgentConnectedReason | Relayed;
