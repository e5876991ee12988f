import type { PrepareReason } from '../../../lib/apis/reasons/pivot-ready.ts';
import type { Advice } from '../finding.ts';
import {
  ABORT,
  DESCRIBE,
  MANAGERS,
  MANAGERS_THERE,
  OBJECTS_THERE,
  OWNERS,
  POLICIES_HERE,
  POLICIES_THERE,
  PROVIDER_LOGS,
  REACH_THERE,
  WORKLOAD_KUBECONFIG,
} from './steps.ts';
import { ADOPTION_REASONS } from './adoption-advice.ts';
import { RECORD_REASONS } from './pivot-record-advice.ts';

/** POLICIES is for a side that lacks some of the policies fence and guard. */
export const POLICIES: Advice = {
  why: 'A cluster is handed over only when the policies fence and guard are in effect on both sides. The provider installs them when it starts.',
  usualSeconds: 60,
  next: [POLICIES_HERE, WORKLOAD_KUBECONFIG, POLICIES_THERE, PROVIDER_LOGS],
};

/** OWNER_CHANGED is for a cluster whose owner was changed by something other than this pivot. */
export const OWNER_CHANGED: Advice = {
  why: 'Something else has changed the owner of the cluster during this pivot. The pivot has stopped, so that two sides never reconcile the cluster.',
  severity: 'problem',
  next: [OWNERS, DESCRIBE],
};

/** VERSIONS is for providers that are too old or not installed. */
export const VERSIONS: Advice = {
  why: 'Objects are moved to a side only when its providers are at least as new as those of the source side: an older provider would drop fields.',
  severity: 'problem',
  next: [
    {
      do: 'see the provider versions that the AgentInstallation has installed',
      run: "{kubectl} -n {namespace} get agentinstallations.m.managedcluster.io/{name} -o jsonpath='{.status.providers}'",
    },
    { do: 'upgrade the providers of the older side' },
  ],
};

/** UNREACHABLE is for a side that does not answer. */
export const UNREACHABLE: Advice = {
  why: 'An API server does not answer. The pivot is safe in its current step, and continues when the API server answers.',
  usualSeconds: 120,
  next: [WORKLOAD_KUBECONFIG, REACH_THERE, ABORT],
};

/** RECONCILE_THERE is for a target side that reconciles its objects for the first time. */
export const RECONCILE_THERE: Advice = {
  why: 'The target side owns the cluster now and reconciles its objects for the first time. The pivot has committed: only another pivot can reverse it.',
  usualSeconds: 180,
  next: [WORKLOAD_KUBECONFIG, OBJECTS_THERE, MANAGERS_THERE],
};

/** NO_ESCROW is for a Pivot ToManagement without a last known state. */
export const NO_ESCROW: Advice = {
  why: 'There is no last known state of the cluster, so its objects can only be read from the cluster itself.',
  severity: 'problem',
  next: [
    {
      do: 'restore the API server of the cluster, then take the cluster back from there',
      run: '{kubectl} -n {namespace} patch {object} --type=merge -p \'{"spec":{"source":"Cluster"}}\'',
    },
  ],
};

/** A pivot that cannot start has changed nothing. */
const SAFE = 'Nothing has been changed yet: the pivot starts when this is resolved.';

/** PREPARE_REASONS is the advice for reasons that keep a pivot from starting. */
export const PREPARE_REASONS: Readonly<Record<PrepareReason, Advice>> = {
  ...ADOPTION_REASONS,
  PoliciesMissing: POLICIES,
  ProvidersTooOld: VERSIONS,
  ProvidersNotReady: { ...VERSIONS, severity: 'waiting' },
  NotTheOwner: OWNER_CHANGED,
  AnotherPivot: {
    why: `Two pivots of one cluster never run at the same time; the one in the message runs first. ${SAFE}`,
    severity: 'problem',
    next: [
      {
        do: 'list the Pivots and their progress',
        run: '{kubectl} -n {namespace} get pivots.m.managedcluster.io',
      },
      {
        do: 'let the Pivot in the message finish, or set spec.abort on it; delete the Pivot that is not needed',
      },
    ],
  },
  KindNotMovable: {
    why: `The provider has permissions for the kinds of Cluster API and of the clouds only, and moves no other. ${SAFE}`,
    severity: 'problem',
    next: [{ do: 'delete the object, or detach it from the cluster: the message names its kind' }],
  },
  KindNotServed: {
    why: `A kind of the cluster has no CRD on the target side. ${SAFE}`,
    usualSeconds: 120,
    next: [WORKLOAD_KUBECONFIG, MANAGERS_THERE, PROVIDER_LOGS],
  },
  WebhookNotReady: {
    why: `A webhook on the target side does not answer a dry run. ${SAFE}`,
    usualSeconds: 120,
    next: [WORKLOAD_KUBECONFIG, MANAGERS_THERE],
  },
  CopyRefused: {
    why: `The target side would reject a copy: its providers have another version or other feature gates. ${SAFE}`,
    usualSeconds: 60,
    next: [WORKLOAD_KUBECONFIG, OBJECTS_THERE, MANAGERS_THERE],
  },
  TopologyNotSupported: {
    why: 'Clusters that use a ClusterClass cannot be moved.',
    severity: 'problem',
    next: [{ do: 'keep the cluster on the management side, or create it without a ClusterClass' }],
  },
  TooManyObjects: {
    why: 'A Pivot lists every moved object in its status, and the status cannot hold so many objects.',
    severity: 'problem',
    next: [{ do: 'scale the node pools down, let the pivot finish, then scale up again' }],
  },
  SeveralControllers: {
    why: `All objects of the cluster must have the same controller, so that they can be released together. ${SAFE}`,
    severity: 'problem',
    next: [OWNERS, DESCRIBE],
  },
  WaitingForDeletion: {
    why: `A cluster is not moved while one of its objects is being deleted. ${SAFE}`,
    usualSeconds: 600,
    next: [
      { do: 'describe the object in the message, and see what blocks its deletion' },
      MANAGERS,
    ],
  },
  RemovingLeftovers: {
    why: `The target side still has copies from an interrupted attempt, without their Cluster. ${SAFE}`,
    usualSeconds: 30,
    next: [WORKLOAD_KUBECONFIG, OBJECTS_THERE],
  },
  BackingOff: {
    why: 'An attempt was aborted, and the state before it is restored. The next attempt follows with exponential back-off.',
    usualSeconds: 600,
    next: [{ do: 'correct the cause in the message' }, DESCRIBE, PROVIDER_LOGS],
  },
  WorkloadUnreachable: UNREACHABLE,
  KubeconfigUnreadable: {
    why: 'The Secret with the kubeconfig of the cluster is invalid, or contains more than an address, certificates and a credential.',
    severity: 'problem',
    next: [
      {
        do: 'delete it, so that Cluster API creates it again',
        run: '{kubectl} -n {namespace} delete secret {name}-kubeconfig',
      },
    ],
  },
  AuthorityMismatch: {
    why: 'The address of the cluster belongs to a different API server than the one that Cluster API created, so the cluster is not handed over to it.',
    severity: 'problem',
    next: [
      {
        do: 'find out what uses the address: another machine, or a load balancer with the wrong backend',
        run: "{kubectl} -n {namespace} get cluster.cluster.x-k8s.io/{name} -o jsonpath='{.spec.controlPlaneEndpoint}'",
      },
      ABORT,
    ],
  },
  WaitingForCluster: RECONCILE_THERE,
  NoEscrow: NO_ESCROW,
  ...RECORD_REASONS,
};
