import type { Relayed } from './reason-list.ts';

/** MACHINES_REASONS are those of ControlPlaneReady and WorkersReady. */
export const MACHINES_REASONS = {
  /** All machines are ready at the version of the plan. Next: nothing. */
  Ready: 'Ready',
  /** The plan has no node pools. Next: nothing. */
  NoNodePools: 'NoNodePools',
  /** `spec.paused` of the claim, or of the Cluster in the workload cluster, is true. Next: set it to false to go on. */
  Paused: 'Paused',
  /** The cluster is not handed over yet. Next: see `Pivoted`. */
  WaitingForPivot: 'WaitingForPivot',
  /** A pivot is under way. Next: see the Pivot. */
  Moving: 'Moving',
  /** The management side has taken the cluster back. Next: see the Pivots; a deletion does this, or a Pivot of direction ToManagement. */
  TakenBack: 'TakenBack',
  /** The API server refused a change of the machines. Next: correct what the message says: a policy, a webhook, a quota or the claim. */
  WriteRefused: 'WriteRefused',
  /** Cluster API cannot go from the present to the wanted version. Next: write a version in the claim that the message allows. */
  VersionNotReachable: 'VersionNotReachable',
  /** The plan cannot be expanded by this version of the agent. Next: change the field that the message names, or bring agent and function to one version. */
  UnusablePlan: 'UnusablePlan',
  /** The control plane object does not exist yet. Next: when it lasts, see the log of the agent. */
  WaitingForControlPlane: 'WaitingForControlPlane',
  /** The MachineDeployment of a pool does not exist yet. Next: when it lasts, see whether the control plane is at the version of the plan. */
  WaitingForPool: 'WaitingForPool',
  /** Cluster API has not observed the newest spec. Next: when it lasts, see whether its managers run in the workload cluster. */
  WaitingForObservedGeneration: 'WaitingForObservedGeneration',
  /** A Machine has no ready Node. Next: see the Machine that is named. */
  WaitingForMachines: 'WaitingForMachines',
  /** Machines are replaced. Next: wait; when it lasts, see the machine that is named. */
  RollingOut: 'RollingOut',
  /** Machines are added or removed. Next: wait; when it lasts, see quota and capacity. */
  Scaling: 'Scaling',
} as const;

/** MachinesReason is a reason of ControlPlaneReady and WorkersReady. */
export type MachinesReason = (typeof MACHINES_REASONS)[keyof typeof MACHINES_REASONS];

/** LAYERS_REASONS are those of NodeLayersReady and AddOnsReady. */
export const LAYERS_REASONS = {
  /** All layers are ready. Next: nothing. */
  Ready: 'Ready',
  /** The plan has no such layers. Next: nothing. */
  NoLayers: 'NoLayers',
  /** A layer waits for its turn, or for a Secret that the message names. Next: create the Secret; otherwise see the layers before it. */
  Pending: 'Pending',
  /** A layer is being installed, or its objects are not ready. Next: when it lasts, see its Pods in the workload cluster. */
  Installing: 'Installing',
  /** A layer could not be installed or removed; it is tried again. Next: correct what the message names; a wrong layer needs a new version of the ClusterProfile. */
  Failed: 'Failed',
} as const;

/** LayersReason is a reason of NodeLayersReady and AddOnsReady. */
export type LayersReason = (typeof LAYERS_REASONS)[keyof typeof LAYERS_REASONS];

/** PLAN_ACCEPTED_REASONS are those of PlanAccepted. */
export const PLAN_ACCEPTED_REASONS = {
  /** The agent works on this plan. Next: nothing. */
  Accepted: 'Accepted',
  /** The plan in the workload cluster was edited there; the edit holds until the claim changes. Next: write the change into the claim too. */
  ChangedInside: 'ChangedInside',
  /** The plan has a lower epoch than the one in the workload cluster, so it is ignored. Next: see which side owns the cluster; an old backup of the management side may have been restored. */
  OlderEpoch: 'OlderEpoch',
} as const;

/** PlanAcceptedReason is a reason of PlanAccepted. */
export type PlanAcceptedReason = (typeof PLAN_ACCEPTED_REASONS)[keyof typeof PLAN_ACCEPTED_REASONS];

/** AGENT_CONNECTED_REASONS are those of AgentConnected; the agent writes that it is there, the provider that it is not. */
export const AGENT_CONNECTED_REASONS = {
  /** The agent renews its Lease on the management side. Next: nothing. */
  HeartbeatReceived: 'HeartbeatReceived',
  /** The agent has not renewed its Lease for 40 seconds; an Event says so once. Next: see whether its Pod runs in the workload cluster and reaches the management side. */
  AgentSilent: 'AgentSilent',
} as const;

/** AgentConnectedReason is a reason of AgentConnected. */
export type AgentConnectedReason =
  (typeof AGENT_CONNECTED_REASONS)[keyof typeof AGENT_CONNECTED_REASONS];

/** PlanReason is a reason of a condition of a ClusterPlan. */
export type PlanReason =
  MachinesReason | LayersReason | PlanAcceptedReason | AgentConnectedReason | Relayed;
