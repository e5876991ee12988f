import type { PivotReadyReason } from '../../../lib/apis/reasons/pivot-ready.ts';
import type { AbortReason } from '../../../lib/apis/reasons/pivot.ts';
import type { Advice } from '../finding.ts';
import { PREDICATES } from './gates.ts';
import { LOSS_REASONS } from './pivot-loss-advice.ts';
import {
  NO_ESCROW,
  OWNER_CHANGED,
  POLICIES,
  PREPARE_REASONS,
  RECONCILE_THERE,
  UNREACHABLE,
} from './pivot-prepare-advice.ts';
import {
  ABORT,
  DESCRIBE,
  MANAGERS,
  MANAGERS_THERE,
  OBJECTS_THERE,
  OWNERS,
  POLICIES_THERE,
  PROVIDER_LOGS,
  WORKLOAD_KUBECONFIG,
} from './steps.ts';

const ABORTED: Advice = {
  why: 'spec.abort is true: the cluster stays with the side that it came from, un-paused, until somebody wants otherwise.',
  severity: 'problem',
  next: [
    {
      do: 'when it is time, start a new attempt',
      run: '{kubectl} -n {namespace} patch {object} --type=merge -p \'{"spec":{"abort":false}}\'',
    },
  ],
};

/** FAILED is for an error that no row knows. */
export const FAILED: Advice = {
  why: 'An error stops the step; the provider tries again with a growing pause. The pivot is safe where it stands.',
  usualSeconds: 15,
  next: [{ do: 'mend what the error names; it goes on by itself then' }, PROVIDER_LOGS, ABORT],
};

/** REASONS is what to do about what Ready of a Pivot says. */
export const REASONS: Readonly<Record<Exclude<PivotReadyReason, 'Completed'>, Advice>> = {
  ...PREDICATES,
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
  TargetUnreachable: UNREACHABLE,
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
  EscrowEmpty: NO_ESCROW,
  WaitingForReady: {
    why: 'Gate G2 is asked again before the cluster is fenced: the agent or a provider in the cluster is not ready any more. The findings of the AgentInstallation say which.',
    usualSeconds: 300,
    next: [WORKLOAD_KUBECONFIG, MANAGERS_THERE, PROVIDER_LOGS],
  },
  ReconcileError: FAILED,
};

/** ABORTED_REASONS is what to do about why an attempt was given up: everything is as it was before. */
export const ABORTED_REASONS: Readonly<Record<AbortReason, Advice>> = {
  AbortRequested: ABORTED,
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
  Refused: {
    why: 'An API server went on refusing a request while the cluster was fenced, so the attempt was taken back, and another one follows.',
    severity: 'problem',
    next: [
      { do: 'correct what the sentence above names: a policy, a webhook, rights or a quota' },
      DESCRIBE,
      PROVIDER_LOGS,
    ],
  },
};

/** ERRORS is advice on errors of an API server or of the network, by words of theirs; the first row that fits is taken. */
export const ERRORS: readonly { readonly says: RegExp; readonly advice: Advice }[] = [
  { says: /ValidatingAdmissionPolicy/, advice: POLICIES },
  {
    says: /failed calling webhook|conversion webhook|admission webhook/,
    advice: {
      why: 'A webhook on the side that takes over does not answer or refuses the object.',
      usualSeconds: 120,
      next: [WORKLOAD_KUBECONFIG, MANAGERS_THERE, ABORT],
    },
  },
  {
    says: /connection refused|ECONN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN/,
    advice: UNREACHABLE,
  },
];

/** ANYTHING is for what no row knows. */
export const ANYTHING: Advice = {
  why: 'The provider tries again by itself.',
  usualSeconds: 120,
  next: [DESCRIBE, PROVIDER_LOGS],
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
