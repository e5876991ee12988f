import type { InstallationReadyReason } from '../../../lib/apis/reasons/agent-installation.ts';
import type { Relayed } from '../../../lib/apis/reasons/reason-list.ts';
import type { Advice } from '../finding.ts';
import { MANAGED_ELSEWHERE } from './adoption-advice.ts';
import { FORGOTTEN } from './forgotten-advice.ts';
import { CONSENT } from './consent-advice.ts';
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

/** SILENT is for an AgentInstallation that the provider has not reconciled yet. */
export const SILENT: Advice = {
  why: 'The provider sets status within seconds after the object is created. If it does not, it is not running, or RBAC does not allow it to read the object.',
  usualSeconds: 30,
  next: [PROVIDER_LOGS],
};

/** FAILED is for a part that failed with an error; its message has the error. */
export const FAILED: Advice = {
  why: 'The provider retries. If the error persists, correct the cause that it names.',
  usualSeconds: 120,
  next: [DESCRIBE, PROVIDER_LOGS],
};

/** ANY is for a part without advice of its own. */
export const ANY: Advice = {
  why: 'The provider reconciles one part after another to its desired state, and corrects drift.',
  usualSeconds: 300,
  next: [DESCRIBE, PROVIDER_LOGS],
};

/** NO_KUBECONFIG is for the missing Secret with the kubeconfig. */
export const NO_KUBECONFIG: Advice = {
  why: 'The kubeconfig of the workload cluster is in a Secret: the one that Cluster API creates with the control plane, or the one in agent.kubeconfigSecretRef of the claim.',
  usualSeconds: 120,
  next: [
    {
      do: 'check that the Secret exists and has the key',
      run: '{kubectl} -n {namespace} get secrets',
    },
    {
      do: 'check that the claim references the right Secret',
      run: "{kubectl} -n {namespace} get {resource} -o jsonpath='{.spec.agent}'",
    },
  ],
};

/** FORBIDDEN is for a request that an API server denies because of RBAC. */
export const FORBIDDEN: Advice = {
  why: 'RBAC does not allow the provider to do this.',
  severity: 'problem',
  next: [
    {
      do: 'install package/rbac/provider.yaml without changes',
      run: '{kubectl} get clusterroles,clusterrolebindings -l app.kubernetes.io/part-of=managed-cluster',
    },
    PROVIDER_LOGS,
  ],
};

const WRONG_TARGET: Advice = {
  why: 'The kubeconfig points to a different cluster. Nothing is written there until this is corrected.',
  severity: 'problem',
  next: [
    {
      do: 'check that the claim references the right Secret',
      run: "{kubectl} -n {namespace} get {resource} -o jsonpath='{.spec.agent}'",
    },
    WORKLOAD_KUBECONFIG,
  ],
};

const PART_ADVICE = {
  Identity: {
    why: 'This part is the ServiceAccount and the RBAC of the agent on the management side.',
    usualSeconds: 30,
    next: [PROVIDER_LOGS],
  },
  Target: {
    why: 'This part is our namespace, RBAC and CRDs in the workload cluster.',
    usualSeconds: 60,
    next: [DESCRIBE, PROVIDER_LOGS],
  },
  Bootstrap: {
    why: 'This part is the Secret with which the agent connects to the management side.',
    usualSeconds: 30,
    next: [DESCRIBE, PROVIDER_LOGS],
  },
  Agent: {
    why: 'The Deployment of the agent must be available. Its image must be pulled, possibly on a Node without a Pod network.',
    usualSeconds: 300,
    next: [
      WORKLOAD_KUBECONFIG,
      {
        do: 'see its Pods',
        run: 'kubectl --kubeconfig {name}.kubeconfig -n managed-cluster-system describe pods',
      },
      {
        do: 'if the image cannot be pulled, set a mirror that an administrator allows in agent.imageMirror of the claim',
      },
    ],
  },
  Policies: {
    why: 'A cluster is handed over only when the policies fence and guard are installed on both sides.',
    usualSeconds: 60,
    next: [POLICIES_HERE, PROVIDER_LOGS],
  },
  Providers: {
    why: 'The Cluster API managers in the workload cluster must be available. They need a Pod network and a Node that a cloud controller manager has initialized, so the layers of types cni and ccm are installed first.',
    usualSeconds: 300,
    next: [WORKLOAD_KUBECONFIG, PODS_THERE],
  },
  Webhooks: {
    why: 'Every webhook of Cluster API must answer a dry run: its Pod must be ready, and the API server must be able to reach the Pod network.',
    usualSeconds: 180,
    next: [WORKLOAD_KUBECONFIG, PODS_THERE],
  },
  AgentConnected: {
    why: 'The agent must reach the API server of the management side and report its status.',
    usualSeconds: 120,
    next: [WORKLOAD_KUBECONFIG, AGENT_LOGS],
  },
  NodeLayersReady: {
    why: 'The layers that nodes need (CNI, cloud controller manager, CSI) must be ready before anything else runs in the cluster.',
    usualSeconds: 600,
    next: [WORKLOAD_KUBECONFIG, PODS_THERE, AGENT_LOGS],
  },
} as const satisfies Readonly<Record<string, Advice>>;

/** PARTS is the advice for a part when its reason has none. */
export const PARTS: Readonly<Partial<Record<string, Advice>>> = PART_ADVICE;

/** Parts that others wait for; each of them has its own finding. */
type Blocker = 'Target' | 'Bootstrap' | 'ProviderCRDs' | 'Certificates' | 'ProviderObjects';

type Advised = Exclude<InstallationReadyReason, Relayed | 'Available' | `WaitingFor${Blocker}`>;

/** REASONS take precedence over PARTS: most of them can occur on any part. */
export const REASONS: Readonly<Record<Advised, Advice>> = {
  WaitingForKubeconfig: NO_KUBECONFIG,
  WaitingForIdentity: PART_ADVICE.Identity,
  WaitingForAgent: PART_ADVICE.Agent,
  PoliciesMissing: PART_ADVICE.Policies,
  WaitingForProviders: PART_ADVICE.Providers,
  WaitingForWebhooks: PART_ADVICE.Webhooks,
  WaitingForAgentConnected: PART_ADVICE.AgentConnected,
  WaitingForNodeLayersReady: PART_ADVICE.NodeLayersReady,
  WaitingForCRDs: {
    why: 'The API server of the workload cluster serves a kind some seconds after its CRD is applied.',
    usualSeconds: 60,
    next: [
      WORKLOAD_KUBECONFIG,
      {
        do: 'check that the CRDs exist',
        run: 'kubectl --kubeconfig {name}.kubeconfig get crds -o wide',
      },
      PROVIDER_LOGS,
    ],
  },
  WaitingForIdentityKinds: {
    why: 'The cloud identity is copied when the CRDs of the infrastructure provider are installed in the cluster.',
    usualSeconds: 120,
    next: [WORKLOAD_KUBECONFIG, MANAGERS_THERE, PROVIDER_LOGS],
  },
  WaitingForPlan: {
    why: 'Crossplane creates the ClusterPlan together with the AgentInstallation; the agent needs it.',
    usualSeconds: 60,
    next: [
      {
        do: 'check whether Crossplane can create it',
        run: '{kubectl} -n {namespace} describe {resource}',
      },
    ],
  },
  UnknownCloud: {
    why: 'This version of the provider does not know this cloud: function and provider have different versions, or the name is wrong.',
    severity: 'problem',
    next: [
      {
        do: 'see which cloud the AgentInstallation specifies, and upgrade the provider to the version of the function',
        run: "{kubectl} -n {namespace} get {object} -o jsonpath='{.spec.cloud.provider}'",
      },
      PROVIDER_LOGS,
    ],
  },
  Unreachable: {
    why: 'The provider must reach the API server of the workload cluster from the management side. It retries.',
    usualSeconds: 300,
    next: [WORKLOAD_KUBECONFIG, REACH_THERE],
  },
  ...CONSENT,
  Failed: FAILED,
  AgentRevoked: {
    why: 'The claim says that the cluster must not reach the management side. The cluster keeps running, but no change of the claim is applied.',
    severity: 'problem',
    next: [
      {
        do: 'when the cluster can be trusted again, give its agent a new identity',
        run: 'kubectl managedcluster revoke {resource} -n {namespace} --restore{flags}',
      },
    ],
  },
  NameTaken: {
    why: 'The provider makes the identity of the agent under a name with a hash. An object without the mark of this cluster has that name: it is neither changed nor used.',
    severity: 'problem',
    next: [{ do: 'delete or rename the object that the message names' }, PROVIDER_LOGS],
  },
  TargetIsManagement: WRONG_TARGET,
  TargetOfAnotherCluster: WRONG_TARGET,
  TargetChanged: WRONG_TARGET,
  ManagedElsewhere: MANAGED_ELSEWHERE,
  SelfManagedAlready: FORGOTTEN,
  KubeconfigExpiring: {
    why: 'Cluster API renews the client certificate in the cluster, and the provider copies it from there; one of these steps failed.',
    severity: 'problem',
    next: [WORKLOAD_KUBECONFIG, PROVIDER_LOGS],
  },
};
