import type { Relayed } from './reason-list.ts';

/** SYNCED_REASONS are those of Synced of AgentInstallation and Pivot, with Crossplane's own names. */
export const SYNCED_REASONS = {
  /** The last pass did what it wanted. Next: nothing. */
  ReconcileSuccess: 'ReconcileSuccess',
  /** An error stopped the last pass; it is tried again. Next: correct what the message names. */
  ReconcileError: 'ReconcileError',
  /** The annotation `crossplane.io/paused` is true: nothing is done. Next: remove it to go on. */
  ReconcilePaused: 'ReconcilePaused',
} as const;

/** SyncedReason is a reason of Synced. */
export type SyncedReason = (typeof SYNCED_REASONS)[keyof typeof SYNCED_REASONS];

/** PART_REASONS are those of `status.parts[]` that are not ready, the first of which Ready has too. Parts that show what the agent says have the reasons of the ClusterPlan. */
export const PART_REASONS = {
  /** The API server of the workload cluster does not answer. Next: see whether it can be reached from the management side. */
  Unreachable: 'Unreachable',
  /** An error stopped the part; it is tried again. Next: correct what the message names. */
  Failed: 'Failed',
  /** The kubeconfig leads to the management cluster itself. Next: name the Secret with the kubeconfig of the workload cluster. */
  TargetIsManagement: 'TargetIsManagement',
  /** The kubeconfig leads to a cluster whose agent works for another ManagedCluster. Next: correct the Secret; or, when that one has given the cluster up, delete the bootstrap Secret there. */
  TargetOfAnotherCluster: 'TargetOfAnotherCluster',
  /** The kubeconfig leads to another cluster than before. Next: correct the Secret; or, when the cluster was replaced, remove `status.clusterUID`. */
  TargetChanged: 'TargetChanged',
  /** The workload cluster does not serve a kind yet whose CRD was applied. Next: wait; when it lasts, see the CRD there. */
  WaitingForCRDs: 'WaitingForCRDs',
  /** The part Target is not ready. Next: see that part. */
  WaitingForTarget: 'WaitingForTarget',
  /** The ServiceAccount of the agent on the management side is missing, or the part Identity is not ready. Next: when it lasts, see the log of the provider. */
  WaitingForIdentity: 'WaitingForIdentity',
  /** The part Bootstrap is not ready. Next: see that part. */
  WaitingForBootstrap: 'WaitingForBootstrap',
  /** The Deployment of the agent is not available. Next: see its Pods; set `agent.imageMirror` when the image cannot be pulled. */
  WaitingForAgent: 'WaitingForAgent',
  /** Not all admission policies are on the management side. Next: see which are missing; the provider installs them when it starts. */
  PoliciesMissing: 'PoliciesMissing',
  /** The part ProviderCRDs is not ready. Next: see that part. */
  WaitingForProviderCRDs: 'WaitingForProviderCRDs',
  /** The part Certificates is not ready. Next: see that part. */
  WaitingForCertificates: 'WaitingForCertificates',
  /** The part ProviderObjects is not ready. Next: see that part. */
  WaitingForProviderObjects: 'WaitingForProviderObjects',
  /** This version of the provider knows no such cloud. Next: write one of those in the message, or upgrade the provider. */
  UnknownCloud: 'UnknownCloud',
  /** An identity of the claim, or a Secret that it names, does not exist. Next: create it, or name another. */
  CredentialMissing: 'CredentialMissing',
  /** The identity does not allow clusters in this namespace. Next: have its owner add the namespace to `spec.allowedNamespaces`, or name another. */
  IdentityNotAllowed: 'IdentityNotAllowed',
  /** The workload cluster does not serve the kind of the identity yet. Next: wait; when it lasts, see the CRDs of the infrastructure provider there. */
  WaitingForIdentityKinds: 'WaitingForIdentityKinds',
  /** A manager of Cluster API in the workload cluster is not available. Next: see its Pods; they need the layers of types cni and ccm. */
  WaitingForProviders: 'WaitingForProviders',
  /** A webhook of Cluster API in the workload cluster does not answer. Next: see the Pods, and whether the API server reaches the Pod network. */
  WaitingForWebhooks: 'WaitingForWebhooks',
  /** The kubeconfig expires soon and could not be renewed. Next: delete the Secret in the workload cluster, so that Cluster API creates it again. */
  KubeconfigExpiring: 'KubeconfigExpiring',
  /** The ClusterPlan does not exist. Next: see whether Crossplane can create it: `Synced` of the composite. */
  WaitingForPlan: 'WaitingForPlan',
  /** The agent has not reported yet. Next: see whether its Pod runs and reaches the management side. */
  WaitingForAgentConnected: 'WaitingForAgentConnected',
  /** The agent has not reported on the layers that nodes need. Next: see what the agent reports in the ClusterPlan. */
  WaitingForNodeLayersReady: 'WaitingForNodeLayersReady',
} as const;

/** PartReason is why a part of an installation is not ready. */
export type PartReason = (typeof PART_REASONS)[keyof typeof PART_REASONS] | Relayed;

/** INSTALLATION_READY_REASONS are those of Ready beside the reasons of its parts. */
export const INSTALLATION_READY_REASONS = {
  /** Agent and providers are installed and work. Next: nothing. */
  Available: 'Available',
} as const;

/** InstallationReadyReason is a reason of Ready of an AgentInstallation. */
export type InstallationReadyReason =
  (typeof INSTALLATION_READY_REASONS)[keyof typeof INSTALLATION_READY_REASONS] | PartReason;

/** INSTALLATION_EVENTS are the Events of an AgentInstallation beside the reasons of Ready. */
export const INSTALLATION_EVENTS = {
  /** Providers of the management side were installed, or changed their version, in the workload cluster. Next: nothing. */
  ProvidersInstalled: 'ProvidersInstalled',
  /** The kubeconfig on the management side was renewed from the workload cluster. Next: nothing. */
  KubeconfigRenewed: 'KubeconfigRenewed',
  /** The agent has a new token. Next: nothing. */
  TokenIssued: 'TokenIssued',
} as const;

/** InstallationEventReason is the reason of an Event of an AgentInstallation. */
export type InstallationEventReason =
  (typeof INSTALLATION_EVENTS)[keyof typeof INSTALLATION_EVENTS];
