import type { InstallationReadyReason } from '../../../lib/apis/reasons/agent-installation.ts';
import type { Relayed } from '../../../lib/apis/reasons/reason-list.ts';
import type { Advice } from '../finding.ts';
import {
  AGENT_LOGS,
  DESCRIBE,
  MANAGERS_THERE,
  PODS_THERE,
  POLICIES_HERE,
  PROVIDER_LOGS,
  REACH_THERE,
  WORKLOAD_KUBECONFIG,
} from './steps.ts';

/** SILENT is for an AgentInstallation that nobody has looked at. */
export const SILENT: Advice = {
  why: 'The provider writes status within seconds after the object appears. It does not run, or has not the right to read it.',
  usualSeconds: 30,
  next: [PROVIDER_LOGS],
};

/** FAILED is for a part that an error stopped, which is told with it. */
export const FAILED: Advice = {
  why: 'The provider tries again by itself; when the error stays, somebody must mend what it names.',
  usualSeconds: 120,
  next: [DESCRIBE, PROVIDER_LOGS],
};

/** ANY is for a part that no row knows. */
export const ANY: Advice = {
  why: 'The provider brings part after part to what it shall be, and repairs what drifts.',
  usualSeconds: 300,
  next: [DESCRIBE, PROVIDER_LOGS],
};

/** NO_KUBECONFIG is for an error while the Secret with the kubeconfig is missing. */
export const NO_KUBECONFIG: Advice = {
  why: 'The kubeconfig of the workload cluster stands in a Secret: the one that Cluster API makes with the control plane, or the one that agent.kubeconfigSecretRef of the claim names.',
  usualSeconds: 120,
  next: [
    { do: 'is it there, with that key?', run: '{kubectl} -n {namespace} get secrets' },
    {
      do: 'does the claim name the right one?',
      run: "{kubectl} -n {namespace} get {resource} -o jsonpath='{.spec.agent}'",
    },
  ],
};

/** FORBIDDEN is for an error that an API server answers for want of rights. */
export const FORBIDDEN: Advice = {
  why: 'The provider has not the right to do it.',
  severity: 'problem',
  next: [
    {
      do: 'install package/rbac/provider.yaml as it is',
      run: '{kubectl} get clusterroles,clusterrolebindings -l app.kubernetes.io/part-of=managed-cluster',
    },
    PROVIDER_LOGS,
  ],
};

const WRONG_TARGET: Advice = {
  why: 'The kubeconfig leads to a cluster that is not this one. Nothing is written there before somebody has decided.',
  severity: 'problem',
  next: [
    {
      do: 'does the claim name the right Secret?',
      run: "{kubectl} -n {namespace} get {resource} -o jsonpath='{.spec.agent}'",
    },
    WORKLOAD_KUBECONFIG,
  ],
};

const PART_ADVICE = {
  Identity: {
    why: 'The ServiceAccount and the rights of the agent on the management side.',
    usualSeconds: 30,
    next: [PROVIDER_LOGS],
  },
  Target: {
    why: 'Namespace, rights and CRDs of ours in the workload cluster.',
    usualSeconds: 60,
    next: [DESCRIBE, PROVIDER_LOGS],
  },
  Bootstrap: {
    why: 'The Secret by which the agent reaches the management side.',
    usualSeconds: 30,
    next: [DESCRIBE, PROVIDER_LOGS],
  },
  Agent: {
    why: 'The Deployment of the agent must be available; its image must be pulled, on a Node that may have no network yet.',
    usualSeconds: 300,
    next: [
      WORKLOAD_KUBECONFIG,
      {
        do: 'see its Pods',
        run: 'kubectl --kubeconfig {name}.kubeconfig -n managed-cluster-system describe pods',
      },
      {
        do: 'an image that can not be pulled can come from a mirror: agent.imageMirror of the claim',
      },
    ],
  },
  Policies: {
    why: 'Nothing is handed over without the policies fence and guard on both sides.',
    usualSeconds: 60,
    next: [POLICIES_HERE, PROVIDER_LOGS],
  },
  Providers: {
    why: 'The managers of Cluster API in the workload cluster must be available. They need a network and a Node that a cloud controller has initialised, so the layers of types cni and ccm come before them.',
    usualSeconds: 300,
    next: [WORKLOAD_KUBECONFIG, PODS_THERE],
  },
  Webhooks: {
    why: 'Every webhook of Cluster API must answer a dry run: its Pod must be ready, and the API server must reach the Pod network.',
    usualSeconds: 180,
    next: [WORKLOAD_KUBECONFIG, PODS_THERE],
  },
  AgentConnected: {
    why: 'The agent must reach the API server of the management side and report.',
    usualSeconds: 120,
    next: [WORKLOAD_KUBECONFIG, AGENT_LOGS],
  },
  NodeLayersReady: {
    why: 'The layers that nodes need (CNI, cloud controller, CSI) must be ready before anything else runs in the cluster.',
    usualSeconds: 600,
    next: [WORKLOAD_KUBECONFIG, PODS_THERE, AGENT_LOGS],
  },
} as const satisfies Readonly<Record<string, Advice>>;

/** PARTS is what to know about a part, whatever its reason. */
export const PARTS: Readonly<Partial<Record<string, Advice>>> = PART_ADVICE;

/** A part that waits for one of these says so, and that one has a finding of its own. */
type Blocker = 'Target' | 'Bootstrap' | 'ProviderCRDs' | 'Certificates' | 'ProviderObjects';

type Advised = Exclude<InstallationReadyReason, Relayed | 'Available' | `WaitingFor${Blocker}`>;

/** REASONS go before the names of parts: most may happen to any part. */
export const REASONS: Readonly<Record<Advised, Advice>> = {
  WaitingForIdentity: PART_ADVICE.Identity,
  WaitingForAgent: PART_ADVICE.Agent,
  PoliciesMissing: PART_ADVICE.Policies,
  WaitingForProviders: PART_ADVICE.Providers,
  WaitingForWebhooks: PART_ADVICE.Webhooks,
  WaitingForAgentConnected: PART_ADVICE.AgentConnected,
  WaitingForNodeLayersReady: PART_ADVICE.NodeLayersReady,
  WaitingForCRDs: {
    why: 'The API server of the workload cluster serves a kind some seconds after its CRD was applied.',
    usualSeconds: 60,
    next: [
      WORKLOAD_KUBECONFIG,
      {
        do: 'see whether they are there',
        run: 'kubectl --kubeconfig {name}.kubeconfig get crds -o wide',
      },
      PROVIDER_LOGS,
    ],
  },
  WaitingForIdentityKinds: {
    why: 'The identity of the cloud is copied once the infrastructure provider in the cluster has its CRDs.',
    usualSeconds: 120,
    next: [WORKLOAD_KUBECONFIG, MANAGERS_THERE, PROVIDER_LOGS],
  },
  WaitingForPlan: {
    why: 'Crossplane creates the ClusterPlan together with the AgentInstallation; the agent works by it.',
    usualSeconds: 60,
    next: [
      {
        do: 'see whether Crossplane can create it',
        run: '{kubectl} -n {namespace} describe {resource}',
      },
    ],
  },
  UnknownCloud: {
    why: 'This version of the provider knows no such cloud: function and provider are of different versions, or the name is wrong.',
    severity: 'problem',
    next: [
      {
        do: 'see which cloud the AgentInstallation names, and upgrade the provider to the version of the function',
        run: "{kubectl} -n {namespace} get {object} -o jsonpath='{.spec.cloud.provider}'",
      },
      PROVIDER_LOGS,
    ],
  },
  Unreachable: {
    why: 'The provider must reach the API server of the workload cluster from the management side. It tries again by itself.',
    usualSeconds: 300,
    next: [WORKLOAD_KUBECONFIG, REACH_THERE],
  },
  Failed: FAILED,
  TargetIsManagement: WRONG_TARGET,
  TargetOfAnotherCluster: WRONG_TARGET,
  TargetChanged: WRONG_TARGET,
  IdentityNotAllowed: {
    why: 'Clusters use an identity only from namespaces that its spec.allowedNamespaces lets in, as the infrastructure provider demands.',
    severity: 'problem',
    next: [
      {
        do: 'which identity does the claim name?',
        run: "{kubectl} -n {namespace} get {resource} -o jsonpath='{.spec.cloud.identityRef}{.spec.cloud.workloadIdentityRef}'",
      },
    ],
  },
  KubeconfigExpiring: {
    why: 'Cluster API renews the client certificate in the cluster, and the provider takes it over from there; that did not work.',
    severity: 'problem',
    next: [WORKLOAD_KUBECONFIG, PROVIDER_LOGS],
  },
  CredentialMissing: {
    why: 'The providers in the cluster need the identity that the claim names, with all that belongs to it.',
    severity: 'problem',
    next: [
      {
        do: 'which identity does the claim name? Create it, or name another',
        run: "{kubectl} -n {namespace} get {resource} -o jsonpath='{.spec.cloud.identityRef}{.spec.cloud.workloadIdentityRef}'",
      },
    ],
  },
};
