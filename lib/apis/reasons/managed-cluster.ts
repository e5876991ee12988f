import type { GateReason } from './gates.ts';
import type { Relayed } from './reason-list.ts';

/** ACCEPTED_REASONS are the reasons of the condition Accepted. */
export const ACCEPTED_REASONS = {
  /** The claim is valid. Next: nothing. */
  Accepted: 'Accepted',
  /** The claim is valid, and `spec.paused` is true: nothing is changed on either side. Next: set it to false to continue. */
  Paused: 'Paused',
  /** The claim contradicts itself or the schema. Next: change the field that the message names. */
  InvalidSpec: 'InvalidSpec',
  /** A Cluster, ClusterPlan or Pivot with this name already exists and belongs to another object. Next: choose another name or namespace. */
  NameTaken: 'NameTaken',
  /** The ClusterProfile in `spec.profiles` does not exist. Next: create it, or use another one. */
  ProfileNotFound: 'ProfileNotFound',
  /** The ClusterProfile does not have this version. Next: use one of the versions in the message. */
  ProfileVersionNotFound: 'ProfileVersionNotFound',
  /** The ClusterProfile itself is not valid. Next: correct the ClusterProfile, or use another version of it. */
  InvalidProfile: 'InvalidProfile',
  /** The variables do not match those that the profile declares. Next: correct `spec.profiles[].variables`. */
  InvalidVariables: 'InvalidVariables',
  /** The Secret with SSH keys does not exist or has no public keys. Next: create or correct it; it is read again periodically. */
  SecretNotFound: 'SecretNotFound',
  /** A Secret that the claim refers to does not allow this cluster to use it, or belongs to another cluster. Next: ask the owner of the Secret to run the command in the message, or refer to another Secret. */
  SecretNotAllowed: 'SecretNotAllowed',
  /** The identity that the claim refers to does not exist. Next: create it, or refer to another one; it is read again periodically. */
  IdentityNotFound: 'IdentityNotFound',
  /** The identity does not allow its credentials to be sent to the server that the claim names. Next: correct the server, or ask the owner of the identity to run the command in the message. */
  ServerNotAllowed: 'ServerNotAllowed',
} as const;

/** AcceptedReason is a reason of the condition Accepted. */
export type AcceptedReason = (typeof ACCEPTED_REASONS)[keyof typeof ACCEPTED_REASONS];

/** RefusalReason is why a claim is not accepted. */
export type RefusalReason = Exclude<AcceptedReason, 'Accepted' | 'Paused'>;

/** MILESTONE_REASONS are the reasons of InfrastructureReady, ControlPlaneInitialized, AgentInstalled, Pivoted and Operational. These conditions also have the reasons of the gates, and those copied from AgentInstallation and Pivot. */
export const MILESTONE_REASONS = {
  /** The claim was never accepted, so nothing has been created. Next: see `Accepted`. */
  WaitingForAcceptance: 'WaitingForAcceptance',
  /** The cluster is not adopted yet, so nothing is known about it. Next: see `Pivoted`. */
  WaitingForAdoption: 'WaitingForAdoption',
  /** The infrastructure is provisioned. Next: nothing. */
  Provisioned: 'Provisioned',
  /** The infrastructure is not provisioned yet. Next: see `ControlPlaneInitialized`, which waits for it too. */
  WaitingForInfrastructure: 'WaitingForInfrastructure',
  /** The gate of this milestone has opened. Next: nothing. */
  GateOpen: 'GateOpen',
  /** Gate G1 is closed, so the installation of the agent and the pivot have not started. Next: see `ControlPlaneInitialized`. */
  WaitingForControlPlane: 'WaitingForControlPlane',
  /** The provider has not reconciled the AgentInstallation or the Pivot yet. Next: check whether the provider runs. */
  WaitingForProvider: 'WaitingForProvider',
  /** The agent is installed. Next: nothing. */
  Installed: 'Installed',
  /** The pivot has committed: the cluster manages itself. Next: nothing. */
  Committed: 'Committed',
  /** Crossplane still controls objects that the pivot releases. Next: check which controller owns them; the provider releases them again. */
  ReleaseIncomplete: 'ReleaseIncomplete',
  /** The cluster manages itself, and this side does not know how that came about, because it was restored from a backup: nothing is changed. Next: set `spec.deletionPolicy` to Orphan, delete the object, and adopt the cluster. */
  SelfManagedAlready: 'SelfManagedAlready',
  /** The cluster is complete and manages itself. Next: nothing. */
  Operational: 'Operational',
} as const;

/** MilestoneReason is a reason of a milestone. */
export type MilestoneReason = (typeof MILESTONE_REASONS)[keyof typeof MILESTONE_REASONS];

/** REPORTED_REASONS are the reasons of ControlPlaneReady, WorkersReady, AddOnsReady and AgentConnected while the agent has not reported. Afterwards the reasons are copied from the ClusterPlan. */
export const REPORTED_REASONS = {
  /** The agent has not reported, or not on the latest plan. Next: see the part `AgentConnected` of the AgentInstallation. */
  WaitingForAgent: 'WaitingForAgent',
  /** `agent.revoked` of the claim is true: the agent has no access to the management side. Next: see `AgentRevoked` of the AgentInstallation. */
  AgentRevoked: 'AgentRevoked',
  /** The agent has reported without a reason. Next: see the ClusterPlan. */
  Reported: 'Reported',
} as const;

/** ReportedReason is a reason of a condition that the agent reports. */
export type ReportedReason = (typeof REPORTED_REASONS)[keyof typeof REPORTED_REASONS];

/** CLUSTER_EVENTS are the Events that the function emits; a refused claim has an Event with the reason of Accepted. */
export const CLUSTER_EVENTS = {
  /** A claim that was refused is valid again. Next: nothing. */
  Accepted: 'Accepted',
  /** The first control plane machine is being provisioned. Next: nothing. */
  Provisioning: 'Provisioning',
  /** Gate G1 has opened: the agent is being installed. Next: nothing. */
  InstallingAgent: 'InstallingAgent',
  /** Gate G2 has opened: the Cluster API objects are being moved into the cluster. Next: nothing. */
  Pivoting: 'Pivoting',
  /** The cluster manages itself. Next: nothing. */
  SelfManaged: 'SelfManaged',
  /** The function failed; nothing was changed, and Crossplane retries. Next: report it with what the log of the function says about the reference in the message. */
  FunctionBug: 'FunctionBug',
} as const;

/** ClusterEventReason is the reason of an Event that the function writes. */
export type ClusterEventReason =
  (typeof CLUSTER_EVENTS)[keyof typeof CLUSTER_EVENTS] | RefusalReason;

/** ClusterReason is a reason of a condition that the function writes. */
export type ClusterReason =
  AcceptedReason | MilestoneReason | ReportedReason | GateReason | Relayed;
