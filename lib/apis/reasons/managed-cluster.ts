import type { GateReason } from './gates.ts';
import type { Relayed } from './reason-list.ts';

/** ACCEPTED_REASONS are those of the condition Accepted. */
export const ACCEPTED_REASONS = {
  /** The claim can be carried out. Next: nothing. */
  Accepted: 'Accepted',
  /** The claim is valid, and `spec.paused` is true: nothing is changed on either side. Next: set it to false to go on. */
  Paused: 'Paused',
  /** The claim contradicts itself or the schema. Next: change the field that the message names. */
  InvalidSpec: 'InvalidSpec',
  /** Another object has created a Cluster, ClusterPlan or Pivot of this name. Next: choose another name or namespace. */
  NameTaken: 'NameTaken',
  /** There is no ClusterProfile of the name in `spec.profiles`. Next: create it, or name another. */
  ProfileNotFound: 'ProfileNotFound',
  /** The ClusterProfile has no such version. Next: name one of the versions in the message. */
  ProfileVersionNotFound: 'ProfileVersionNotFound',
  /** The ClusterProfile itself is not valid. Next: correct the ClusterProfile, or name another version of it. */
  InvalidProfile: 'InvalidProfile',
  /** The variables do not fit those that the profile declares. Next: correct `spec.profiles[].variables`. */
  InvalidVariables: 'InvalidVariables',
  /** The Secret with SSH keys is missing, or has no public keys. Next: create or correct it; it is looked for again. */
  SecretNotFound: 'SecretNotFound',
} as const;

/** AcceptedReason is a reason of the condition Accepted. */
export type AcceptedReason = (typeof ACCEPTED_REASONS)[keyof typeof ACCEPTED_REASONS];

/** RefusalReason is why a claim is not accepted. */
export type RefusalReason = Exclude<AcceptedReason, 'Accepted' | 'Paused'>;

/** MILESTONE_REASONS are those of InfrastructureReady, ControlPlaneInitialized, AgentInstalled, Pivoted and Operational; beside them come those of the gates, and those of AgentInstallation and Pivot as they stand there. */
export const MILESTONE_REASONS = {
  /** The claim was never accepted, so nothing has begun. Next: see `Accepted`. */
  WaitingForAcceptance: 'WaitingForAcceptance',
  /** The infrastructure is provisioned. Next: nothing. */
  Provisioned: 'Provisioned',
  /** The infrastructure is not provisioned yet. Next: see `ControlPlaneInitialized`, which waits for it too. */
  WaitingForInfrastructure: 'WaitingForInfrastructure',
  /** The gate before this milestone has opened. Next: nothing. */
  GateOpen: 'GateOpen',
  /** Gate G1 is closed, so agent and pivot have not begun. Next: see `ControlPlaneInitialized`. */
  WaitingForControlPlane: 'WaitingForControlPlane',
  /** The provider has not looked at AgentInstallation or Pivot yet. Next: see whether the provider runs. */
  WaitingForProvider: 'WaitingForProvider',
  /** The agent is installed. Next: nothing. */
  Installed: 'Installed',
  /** The pivot has committed: the cluster manages itself. Next: nothing. */
  Committed: 'Committed',
  /** Crossplane still controls objects that the pivot releases. Next: see who controls them; the provider releases them again. */
  ReleaseIncomplete: 'ReleaseIncomplete',
  /** The cluster is complete and manages itself. Next: nothing. */
  Operational: 'Operational',
} as const;

/** MilestoneReason is a reason of a milestone. */
export type MilestoneReason = (typeof MILESTONE_REASONS)[keyof typeof MILESTONE_REASONS];

/** REPORTED_REASONS are those of ControlPlaneReady, WorkersReady, AddOnsReady and AgentConnected while the agent has said nothing; beside them come those of the ClusterPlan as they stand there. */
export const REPORTED_REASONS = {
  /** The agent has not reported, or not on the newest plan. Next: see the part `AgentConnected` of the AgentInstallation. */
  WaitingForAgent: 'WaitingForAgent',
  /** The agent has reported without a reason. Next: see the ClusterPlan. */
  Reported: 'Reported',
} as const;

/** ReportedReason is a reason of a condition that the agent reports. */
export type ReportedReason = (typeof REPORTED_REASONS)[keyof typeof REPORTED_REASONS];

/** CLUSTER_EVENTS are the Events that the function writes; a refused claim has one with the reason of Accepted. */
export const CLUSTER_EVENTS = {
  /** A claim that was refused is valid again. Next: nothing. */
  Accepted: 'Accepted',
  /** The first control plane machine is provisioned. Next: nothing. */
  Provisioning: 'Provisioning',
  /** Gate G1 has opened: the agent is installed. Next: nothing. */
  InstallingAgent: 'InstallingAgent',
  /** Gate G2 has opened: the cluster is handed over to itself. Next: nothing. */
  Pivoting: 'Pivoting',
  /** The cluster manages itself. Next: nothing. */
  SelfManaged: 'SelfManaged',
  /** The function failed; nothing was changed, and Crossplane tries again. Next: report it with what the log of the function says about the reference in the message. */
  FunctionBug: 'FunctionBug',
} as const;

/** ClusterEventReason is the reason of an Event that the function writes. */
export type ClusterEventReason =
  (typeof CLUSTER_EVENTS)[keyof typeof CLUSTER_EVENTS] | RefusalReason;

/** ClusterReason is a reason of a condition that the function writes. */
export type ClusterReason =
  AcceptedReason | MilestoneReason | ReportedReason | GateReason | Relayed;
