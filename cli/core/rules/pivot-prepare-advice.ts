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

/** POLICIES is for a side on which not all of fence and guard are there. */
export const POLICIES: Advice = {
  why: 'Nothing is handed over unless the policies fence and guard hold on both sides. The provider installs them at its start.',
  usualSeconds: 60,
  next: [POLICIES_HERE, WORKLOAD_KUBECONFIG, POLICIES_THERE, PROVIDER_LOGS],
};

/** OWNER_CHANGED is for a cluster that somebody else owns than the pivot knows. */
export const OWNER_CHANGED: Advice = {
  why: 'Somebody else has changed who owns the cluster while this pivot was under way. It does nothing more, so that never two sides run.',
  severity: 'problem',
  next: [OWNERS, DESCRIBE],
};

/** VERSIONS is for providers that are too old, or not there. */
export const VERSIONS: Advice = {
  why: 'Objects go to a side only when its providers are at least as new as those that they come from: an older one would drop fields.',
  severity: 'problem',
  next: [
    {
      do: 'see the versions that the AgentInstallation has installed',
      run: "{kubectl} -n {namespace} get agentinstallations.m.managedcluster.io/{name} -o jsonpath='{.status.providers}'",
    },
    { do: 'upgrade the providers of the side that is older' },
  ],
};

/** UNREACHABLE is for a side that does not answer. */
export const UNREACHABLE: Advice = {
  why: 'An API server does not answer. The pivot stands where it is, is safe there, and goes on by itself when it answers.',
  usualSeconds: 120,
  next: [WORKLOAD_KUBECONFIG, REACH_THERE, ABORT],
};

/** RECONCILE_THERE is for a target that works through its objects. */
export const RECONCILE_THERE: Advice = {
  why: 'The new side is on its own now, and works through its objects for the first time. The commit is behind it: there is no way back but another pivot.',
  usualSeconds: 180,
  next: [WORKLOAD_KUBECONFIG, OBJECTS_THERE, MANAGERS_THERE],
};

/** NO_ESCROW is for a way back without a last known state. */
export const NO_ESCROW: Advice = {
  why: 'The last known state of the cluster is not there, so it can be taken back from the cluster itself only.',
  severity: 'problem',
  next: [
    {
      do: 'bring the API server of the cluster back, and take it back from there',
      run: '{kubectl} -n {namespace} patch {object} --type=merge -p \'{"spec":{"source":"Cluster"}}\'',
    },
  ],
};

/** Nothing has happened yet: a pivot that can not begin leaves everything as it is. */
const SAFE = 'Nothing has been done yet: the pivot begins when this is mended.';

/** PREPARE_REASONS is what to do about what keeps a pivot from beginning. */
export const PREPARE_REASONS: Readonly<Record<PrepareReason, Advice>> = {
  PoliciesMissing: POLICIES,
  ProvidersTooOld: VERSIONS,
  ProvidersNotReady: { ...VERSIONS, severity: 'waiting' },
  NotTheOwner: OWNER_CHANGED,
  AnotherPivot: {
    why: `Two pivots of one cluster never run at a time; the one that is named goes first. ${SAFE}`,
    severity: 'problem',
    next: [
      {
        do: 'see which Pivots there are, and how far they are',
        run: '{kubectl} -n {namespace} get pivots.m.managedcluster.io',
      },
      {
        do: 'let the one that is named end, or set spec.abort on it; delete the one that is not wanted',
      },
    ],
  },
  KindNotServed: {
    why: `A kind of the cluster has no CRD on the side that takes over. ${SAFE}`,
    usualSeconds: 120,
    next: [WORKLOAD_KUBECONFIG, MANAGERS_THERE, PROVIDER_LOGS],
  },
  WebhookNotReady: {
    why: `A webhook on the side that takes over does not answer a dry run. ${SAFE}`,
    usualSeconds: 120,
    next: [WORKLOAD_KUBECONFIG, MANAGERS_THERE],
  },
  CopyRefused: {
    why: `The side that takes over would refuse a copy: its providers have another version or other feature gates. ${SAFE}`,
    usualSeconds: 60,
    next: [WORKLOAD_KUBECONFIG, OBJECTS_THERE, MANAGERS_THERE],
  },
  TopologyNotSupported: {
    why: 'Clusters of a ClusterClass are not moved.',
    severity: 'problem',
    next: [{ do: 'leave the cluster with the management side, or make it without a ClusterClass' }],
  },
  TooManyObjects: {
    why: 'A Pivot retires what it has reported, and it can not report so many objects.',
    severity: 'problem',
    next: [{ do: 'scale the node pools down, hand over, and scale up again' }],
  },
  SeveralControllers: {
    why: `All objects of the cluster must have one controller, so that they can be released at once. ${SAFE}`,
    severity: 'problem',
    next: [OWNERS, DESCRIBE],
  },
  WaitingForDeletion: {
    why: `Nothing is moved while an object of the cluster is on its way out. ${SAFE}`,
    usualSeconds: 600,
    next: [{ do: 'describe the object that is named, and see what holds its deletion' }, MANAGERS],
  },
  RemovingLeftovers: {
    why: `Copies of an attempt that was cut off lie about on the side that takes over, without their Cluster. ${SAFE}`,
    usualSeconds: 30,
    next: [WORKLOAD_KUBECONFIG, OBJECTS_THERE],
  },
  BackingOff: {
    why: 'An attempt was taken back, and everything is as it was before. The next one comes after a growing pause.',
    usualSeconds: 600,
    next: [{ do: 'mend what the message names' }, DESCRIBE, PROVIDER_LOGS],
  },
  WorkloadUnreachable: UNREACHABLE,
  KubeconfigUnreadable: {
    why: 'The Secret with the kubeconfig of the cluster is damaged, or has more in it than an address, certificates and a credential.',
    severity: 'problem',
    next: [
      {
        do: 'let Cluster API make it again',
        run: '{kubectl} -n {namespace} delete secret {name}-kubeconfig',
      },
    ],
  },
  AuthorityMismatch: {
    why: 'Behind the address of the cluster there is another API server than the one that Cluster API made: nothing is handed over to a stranger.',
    severity: 'problem',
    next: [
      {
        do: 'see who has the address: another machine, or a load balancer that leads elsewhere',
        run: "{kubectl} -n {namespace} get cluster.cluster.x-k8s.io/{name} -o jsonpath='{.spec.controlPlaneEndpoint}'",
      },
      ABORT,
    ],
  },
  WaitingForCluster: RECONCILE_THERE,
  NoEscrow: NO_ESCROW,
};
