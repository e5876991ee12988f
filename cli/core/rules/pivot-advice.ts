import type { Advice } from '../finding.ts';
import { LOSS_REASONS } from './pivot-loss-advice.ts';
import { OWNER_CHANGED, POLICIES, PREPARE_REASONS, VERSIONS } from './pivot-prepare-advice.ts';
import {
  ABORT,
  DESCRIBE,
  MANAGERS,
  MANAGERS_THERE,
  OBJECTS_THERE,
  OWNERS,
  POLICIES_THERE,
  PROVIDER_LOGS,
  REACH_THERE,
  WORKLOAD_KUBECONFIG,
} from './steps.ts';

const UNREACHABLE: Advice = {
  why: 'An API server does not answer. The pivot stands where it is, is safe there, and goes on by itself when it answers.',
  usualSeconds: 120,
  next: [WORKLOAD_KUBECONFIG, REACH_THERE, ABORT],
};

const RECONCILE_THERE: Advice = {
  why: 'The new side is on its own now, and works through its objects for the first time. The commit is behind it: there is no way back but another pivot.',
  usualSeconds: 180,
  next: [WORKLOAD_KUBECONFIG, OBJECTS_THERE, MANAGERS_THERE],
};

const NO_ESCROW: Advice = {
  why: 'The last known state of the cluster is not there, so it can be taken back from the cluster itself only.',
  severity: 'problem',
  next: [
    {
      do: 'bring the API server of the cluster back, and take it back from there',
      run: '{kubectl} -n {namespace} patch {object} --type=merge -p \'{"spec":{"source":"Cluster"}}\'',
    },
  ],
};

/** ABORTED is for a Pivot that was given up: everything is as it was before. */
export const ABORTED: Advice = {
  why: 'spec.abort is true: the cluster stays with the side that it came from, un-paused, until somebody wants otherwise.',
  severity: 'problem',
  next: [
    {
      do: 'when it is time, start a new attempt',
      run: '{kubectl} -n {namespace} patch {object} --type=merge -p \'{"spec":{"abort":false}}\'',
    },
  ],
};

/** REASONS is what to do about the reasons that a Pivot gives (provider/pivot). */
export const REASONS: Readonly<Record<string, Advice>> = {
  ...PREPARE_REASONS,
  ...LOSS_REASONS,
  MoveBlocked: {
    why: 'A provider forbids the move of an object (annotation clusterctl.cluster.x-k8s.io/block-move) until it has finished what it began.',
    usualSeconds: 300,
    next: [
      { do: 'describe the object that is named, and see what its provider waits for' },
      MANAGERS,
      ABORT,
    ],
  },
  WaitingForPause: {
    why: 'Every controller must have said Paused=True for the newest generation of its objects before they are copied. One that does not run never says it.',
    usualSeconds: 60,
    next: [MANAGERS, { do: 'describe the object that is named' }, ABORT],
  },
  WorkloadUnreachable: UNREACHABLE,
  Unreachable: UNREACHABLE,
  TargetUnreachable: UNREACHABLE,
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
  ForeignObject: {
    why: 'On the side that takes over there is an object of the same name that this pivot did not make. It is never overwritten.',
    severity: 'problem',
    next: [WORKLOAD_KUBECONFIG, OBJECTS_THERE, ABORT],
  },
  OwnerChanged: OWNER_CHANGED,
  SourceChanged: {
    why: 'Somebody wrote to an object behind the fence; its copy is made anew.',
    usualSeconds: 60,
    next: [
      {
        do: 'when it does not end, find out who writes (a field manager in metadata.managedFields), such as a GitOps tool',
        run: '{kubectl} -n {namespace} get cluster.cluster.x-k8s.io/{name} -o yaml --show-managed-fields',
      },
      ABORT,
    ],
  },
  CopyDiffers: {
    why: 'Each copy is compared with its original before the commit.',
    usualSeconds: 60,
    next: [
      WORKLOAD_KUBECONFIG,
      OBJECTS_THERE,
      { do: 'a webhook or a controller there may change what is copied; it must stand still' },
      ABORT,
    ],
  },
  ActivationRefused: {
    why: 'The Cluster could not be un-paused on the new side: a policy or a webhook there refuses it. Nobody reconciles it meanwhile.',
    usualSeconds: 10,
    next: [WORKLOAD_KUBECONFIG, POLICIES_THERE, MANAGERS_THERE, DESCRIBE],
  },
  WaitingForCluster: RECONCILE_THERE,
  WaitingForReconcile: RECONCILE_THERE,
  WaitingForControlPlane: RECONCILE_THERE,
  WaitingForAcknowledgement: {
    why: 'Crossplane must have forgotten the objects before they are retired here; its acknowledgement is a list of references without them. The cluster is managed from inside already.',
    usualSeconds: 60,
    next: [
      {
        do: 'see whether Crossplane reconciles the composite',
        run: '{kubectl} -n {namespace} describe {resource}',
      },
    ],
  },
  SourceNotFenced: OWNER_CHANGED,
  ControllerChanged: {
    why: 'Another object has become the controller of what is released. It is left alone.',
    severity: 'problem',
    next: [OWNERS, DESCRIBE],
  },
  DeletionUnderWay: {
    why: 'A deletion ends only while the cluster is reconciled: the attempt is given up, and another one follows when the object is gone.',
    usualSeconds: 300,
    next: [{ do: 'describe the object that is named, and see what holds its deletion' }, MANAGERS],
  },
  ClusterGone: {
    why: 'The Cluster that was to be moved is not there any more.',
    severity: 'problem',
    next: [OWNERS, DESCRIBE],
  },
  TookTooLong: {
    why: 'A fenced cluster is not reconciled, so an attempt that does not come to its commit is taken back, and another one follows.',
    usualSeconds: 60,
    next: [DESCRIBE, MANAGERS, MANAGERS_THERE],
  },
  WaitingForRemoval: {
    why: 'The paused remains are removed, children first. The cluster is reconciled by its owner meanwhile.',
    usualSeconds: 120,
    next: [{ do: 'describe the object that is named: who puts a finalizer on it?' }, DESCRIBE],
  },
  PausedWhileFenced: {
    why: 'The annotation crossplane.io/paused stops the pivot where it is, and there the cluster stands still: no machine is repaired, nothing is scaled. Its machines run on.',
    severity: 'danger',
    next: [
      ABORT,
      {
        do: 'whether it shall go on or be given back: take the annotation off',
        run: '{kubectl} -n {namespace} annotate {object} crossplane.io/paused-',
      },
    ],
  },
  Aborted: ABORTED,
  Aborting: {
    why: 'Everything is put back as it was.',
    usualSeconds: 60,
    next: [DESCRIBE, PROVIDER_LOGS],
  },
  NoEscrow: NO_ESCROW,
  EscrowEmpty: NO_ESCROW,
};

/** WORDS is advice on what a Pivot says without a reason of its own; the first row that fits is taken. */
export const WORDS: readonly { readonly says: RegExp; readonly advice: Advice }[] = [
  { says: /older than|is not installed on the target|can't be compared/, advice: VERSIONS },
  { says: /polic(y|ies)/i, advice: POLICIES },
  {
    says: /cannot reach|connection refused|no answer within|does not answer/i,
    advice: UNREACHABLE,
  },
  {
    says: /webhook/i,
    advice: {
      why: 'A webhook on the side that takes over does not answer or refuses the object.',
      usualSeconds: 120,
      next: [WORKLOAD_KUBECONFIG, MANAGERS_THERE, ABORT],
    },
  },
];

/** ANYTHING is for what no row knows. */
export const ANYTHING: Advice = {
  why: 'The provider tries again by itself.',
  usualSeconds: 120,
  next: [DESCRIBE, PROVIDER_LOGS],
};

/** FAILED is for an error that no row knows. */
export const FAILED: Advice = {
  why: 'An error stops the step; the provider tries again with a growing pause. The pivot is safe where it stands.',
  usualSeconds: 15,
  next: [{ do: 'mend what the error names; it goes on by itself then' }, PROVIDER_LOGS, ABORT],
};

/** SILENT is for a Pivot that nobody has looked at. */
export const SILENT: Advice = {
  why: 'The provider writes status within seconds after the object appears. It does not run, or has not the right to read it.',
  usualSeconds: 30,
  next: [PROVIDER_LOGS],
};

/** RELEASE_INCOMPLETE is for objects that Crossplane still controls after the commit. */
export const RELEASE_INCOMPLETE: Advice = {
  why: 'They are kept because dropping them would delete them. A tool that re-applies old manifests, or a second composite, has taken them back; the provider releases them again.',
  usualSeconds: 60,
  next: [
    {
      do: 'see who controls them',
      run: '{kubectl} -n {namespace} get cluster-api -l cluster.x-k8s.io/cluster-name={name} -o custom-columns=KIND:.kind,NAME:.metadata.name,OWNER:.metadata.ownerReferences[*].kind',
    },
    {
      do: 'see what the Pivot says',
      run: '{kubectl} -n {namespace} describe pivots.m.managedcluster.io/{name}',
    },
  ],
};
