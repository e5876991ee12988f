import type { Relayed } from './reason-list.ts';

/** SYNCED_REASONS are the reasons of Synced on AgentInstallation and Pivot; the names are Crossplane's own. */
export const SYNCED_REASONS = {
  /** The last reconcile succeeded. Next: nothing. */
  ReconcileSuccess: 'ReconcileSuccess',
  /** The last reconcile failed with an error; it is retried. Next: fix what the message names. */
  ReconcileError: 'ReconcileError',
  /** The annotation `crossplane.io/paused` is true, so the object is not reconciled. Next: remove the annotation to continue. */
  ReconcilePaused: 'ReconcilePaused',
} as const;

/** SyncedReason is a reason of Synced. */
export type SyncedReason = (typeof SYNCED_REASONS)[keyof typeof SYNCED_REASONS];

/** PART_REASONS are the reasons of parts in `status.parts[]` that are not ready; Ready has the reason of the first one. Parts that show what the agent reports have the reasons of the ClusterPlan. */
export const PART_REASONS = {
  /** The API server of the workload cluster does not answer. Next: check whether the management side can reach it. */
  Unreachable: 'Unreachable',
  /** The Secret with the kubeconfig does not exist yet, or has no such key. Next: wait until the control plane is initialized; if the claim names the Secret, create it. */
  WaitingForKubeconfig: 'WaitingForKubeconfig',
  /** A Secret that the claim refers to does not allow this cluster to use it, or belongs to another cluster. Next: ask the owner of the Secret to run the command in the message, or refer to another Secret. */
  SecretNotAllowed: 'SecretNotAllowed',
  /** An error stopped the part; it is retried. Next: fix what the message names. */
  Failed: 'Failed',
  /** An object on the management side that was not created for this cluster has the name of one that is needed. Next: delete or rename the object that the message names. */
  NameTaken: 'NameTaken',
  /** `agent.revoked` of the claim, or only `spec.revoked` of the AgentInstallation, is true: the identity of the agent is removed, and the cluster cannot reach the management side. Next: when the cluster can be trusted again, run `kubectl managedcluster revoke NAME --restore`, which takes back both; the agent gets a new identity. */
  AgentRevoked: 'AgentRevoked',
  /** The kubeconfig points to the management cluster itself. Next: name the Secret with the kubeconfig of the workload cluster. */
  TargetIsManagement: 'TargetIsManagement',
  /** The kubeconfig points to a cluster whose agent belongs to another ManagedCluster. Next: correct the Secret; or, if the other ManagedCluster has given up the cluster, delete the bootstrap Secret there. */
  TargetOfAnotherCluster: 'TargetOfAnotherCluster',
  /** The kubeconfig points to another cluster than before. Next: correct the Secret; or, if the cluster was replaced, remove `status.clusterUID`. */
  TargetChanged: 'TargetChanged',
  /** The cluster manages itself and belongs to another management side, which has adopted it. Next: delete the ManagedCluster here with `spec.deletionPolicy: Orphan`; to take the cluster over, create it again with `spec.adoptFrom`. */
  ManagedElsewhere: 'ManagedElsewhere',
  /** The cluster manages itself, and this side was restored from a backup of before the handover: nothing is changed in the cluster. Next: let it go with `spec.deletionPolicy: Orphan`, and adopt it. */
  SelfManagedAlready: 'SelfManagedAlready',
  /** The workload cluster does not serve a kind whose CRD was applied yet. Next: wait; if it persists, check the CRD there. */
  WaitingForCRDs: 'WaitingForCRDs',
  /** The part Target is not ready. Next: see that part. */
  WaitingForTarget: 'WaitingForTarget',
  /** The ServiceAccount of the agent on the management side is missing, or the part Identity is not ready. Next: if it persists, check the log of the provider. */
  WaitingForIdentity: 'WaitingForIdentity',
  /** The part Bootstrap is not ready. Next: see that part. */
  WaitingForBootstrap: 'WaitingForBootstrap',
  /** The Deployment of the agent is not available. Next: check its Pods; set `agent.imageMirror` to a mirror that an administrator allows if the image cannot be pulled. */
  WaitingForAgent: 'WaitingForAgent',
  /** An administrator has not allowed the mirror in `agent.imageMirror`. Next: remove it from the claim, or ask an administrator to add it to the flag `--image-mirrors`. */
  MirrorNotAllowed: 'MirrorNotAllowed',
  /** Some admission policies are missing on the management side. Next: check which are missing; the provider installs them when it starts. */
  PoliciesMissing: 'PoliciesMissing',
  /** The part ProviderCRDs is not ready. Next: see that part. */
  WaitingForProviderCRDs: 'WaitingForProviderCRDs',
  /** The part Certificates is not ready. Next: see that part. */
  WaitingForCertificates: 'WaitingForCertificates',
  /** The part ProviderObjects is not ready. Next: see that part. */
  WaitingForProviderObjects: 'WaitingForProviderObjects',
  /** This version of the provider does not know the cloud. Next: use one of the clouds in the message, or upgrade the provider. */
  UnknownCloud: 'UnknownCloud',
  /** A provider that the cluster needs runs only in namespaces that are not known to contain providers, so it is not copied. Next: an administrator labels the Namespace with `cluster.x-k8s.io/provider`, or lists the namespaces in the flag `--provider-namespaces`. */
  ProviderNotTrusted: 'ProviderNotTrusted',
  /** The Pods of a provider ask for more than the Pod security standard `restricted` allows, so it is not copied. Next: an administrator adds the provider to the flag `--privileged-providers`, or installs it without these permissions. */
  ProviderNotRestricted: 'ProviderNotRestricted',
  /** An identity that the claim references, or a Secret of that identity, does not exist. Next: create it, or reference another one. */
  CredentialMissing: 'CredentialMissing',
  /** The identity does not allow clusters in this namespace. Next: ask its owner to add the namespace to `spec.allowedNamespaces`, or reference another identity. */
  IdentityNotAllowed: 'IdentityNotAllowed',
  /** The identity can be used by clusters of this namespace, but not copied into them, where their administrators could read it. Next: ask its owner to run the command in the message, or set `cloud.workloadIdentityRef` to an identity that can be copied. */
  CopyNotAllowed: 'CopyNotAllowed',
  /** The identity or Secret belongs to the infrastructure provider on the management side, and is never copied. Next: refer to another identity, or set `cloud.workloadIdentityRef` to this one if the permissions of the machines are sufficient. */
  ControllerIdentity: 'ControllerIdentity',
  /** The workload cluster does not serve the kind of the identity yet. Next: wait; if it persists, check the CRDs of the infrastructure provider there. */
  WaitingForIdentityKinds: 'WaitingForIdentityKinds',
  /** A manager of Cluster API in the workload cluster is not available. Next: check its Pods; they need the layers of types cni and ccm. */
  WaitingForProviders: 'WaitingForProviders',
  /** A webhook of Cluster API in the workload cluster does not answer. Next: check the Pods, and whether the API server can reach the Pod network. */
  WaitingForWebhooks: 'WaitingForWebhooks',
  /** The kubeconfig expires soon and could not be renewed. Next: delete the Secret in the workload cluster, so that Cluster API creates it again. */
  KubeconfigExpiring: 'KubeconfigExpiring',
  /** The ClusterPlan does not exist. Next: check whether Crossplane can create it: `Synced` of the composite. */
  WaitingForPlan: 'WaitingForPlan',
  /** The agent has not reported yet. Next: check whether its Pod runs and can reach the management side. */
  WaitingForAgentConnected: 'WaitingForAgentConnected',
  /** The agent has not reported on the layers that nodes need. Next: check what the agent reports in the ClusterPlan. */
  WaitingForNodeLayersReady: 'WaitingForNodeLayersReady',
} as const;

/** PartReason is why a part of an installation is not ready. */
export type PartReason = (typeof PART_REASONS)[keyof typeof PART_REASONS] | Relayed;

/** INSTALLATION_READY_REASONS are the reasons of Ready, in addition to the reasons of the parts. */
export const INSTALLATION_READY_REASONS = {
  /** The agent and the providers are installed and work. Next: nothing. */
  Available: 'Available',
} as const;

/** InstallationReadyReason is a reason of Ready of an AgentInstallation. */
export type InstallationReadyReason =
  (typeof INSTALLATION_READY_REASONS)[keyof typeof INSTALLATION_READY_REASONS] | PartReason;

/** INSTALLATION_EVENTS are the Events of an AgentInstallation, in addition to the reasons of Ready. */
export const INSTALLATION_EVENTS = {
  /** Providers were installed in the workload cluster, or changed to the version of the management side. Next: nothing. */
  ProvidersInstalled: 'ProvidersInstalled',
  /** The kubeconfig on the management side was renewed from the workload cluster. Next: nothing. */
  KubeconfigRenewed: 'KubeconfigRenewed',
  /** A new token was issued to the agent. Next: nothing. */
  TokenIssued: 'TokenIssued',
} as const;

/** InstallationEventReason is the reason of an Event of an AgentInstallation. */
export type InstallationEventReason =
  (typeof INSTALLATION_EVENTS)[keyof typeof INSTALLATION_EVENTS];
