import type { PivotReadyReason } from '../../../lib/apis/reasons/pivot-ready.ts';
import type { AbortReason } from '../../../lib/apis/reasons/pivot.ts';
import type { Advice } from '../finding.ts';
import { FORGOTTEN } from './forgotten-advice.ts';
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
  why: 'spec.abort is true: the cluster stays on the source side, un-paused, until spec.abort is false.',
  severity: 'problem',
  next: [
    {
      do: 'to start a new attempt, set spec.abort to false',
      run: '{kubectl} -n {namespace} patch {object} --type=merge -p \'{"spec":{"abort":false}}\'',
    },
  ],
};

/** FAILED is for an error without advice of its own. */
export const FAILED: Advice = {
  why: 'The step fails with an error; the provider retries with exponential back-off. The pivot is safe in its current step.',
  usualSeconds: 15,
  next: [
    { do: 'correct the cause that the error names; the pivot then continues' },
    PROVIDER_LOGS,
    ABORT,
  ],
};

/** REASONS is the advice for the reasons of Ready of a Pivot. */
export const REASONS: Readonly<Record<Exclude<PivotReadyReason, 'Completed'>, Advice>> = {
  ...PREDICATES,
  ...PREPARE_REASONS,
  ...LOSS_REASONS,
  MoveBlocked: {
    why: 'A provider blocks the move of an object (annotation clusterctl.cluster.x-k8s.io/block-move) until its current operation is finished.',
    usualSeconds: 300,
    next: [
      { do: 'describe the object in the message, and see what its provider waits for' },
      MANAGERS,
      ABORT,
    ],
  },
  WaitingForPause: {
    why: 'Every controller must report Paused=True for the current generation of its objects before they are copied. A controller that is not running never reports it.',
    usualSeconds: 60,
    next: [MANAGERS, { do: 'describe the object in the message' }, ABORT],
  },
  TargetUnreachable: UNREACHABLE,
  ForeignObject: {
    why: 'The target side already has an object with the same name that this pivot did not create. It is never overwritten.',
    severity: 'problem',
    next: [WORKLOAD_KUBECONFIG, OBJECTS_THERE, ABORT],
  },
  SelfManagedAlready: FORGOTTEN,
  OwnerChanged: OWNER_CHANGED,
  SourceChanged: {
    why: 'An object was changed while the cluster was fenced; it is copied again.',
    usualSeconds: 60,
    next: [
      {
        do: 'if this repeats, find out who changes the object (the field manager in metadata.managedFields), for example a GitOps tool',
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
      { do: 'stop a webhook or controller on the target side that changes the copies' },
      ABORT,
    ],
  },
  TargetReconnecting: {
    why: 'The API server of the target side did not answer during this pivot. Its controllers connect again after a pause and do not see the copies before, so they get this time until they manage the cluster. Neither side reconciles the cluster meanwhile.',
    usualSeconds: 60,
    next: [
      WORKLOAD_KUBECONFIG,
      { do: 'if this repeats, find out why the API server of the target side does not answer' },
      ABORT,
    ],
  },
  ActivationRefused: {
    why: 'The Cluster could not be un-paused on the target side: a policy or a webhook there denies it. Neither side reconciles the cluster meanwhile.',
    usualSeconds: 10,
    next: [WORKLOAD_KUBECONFIG, POLICIES_THERE, MANAGERS_THERE, DESCRIBE],
  },
  WaitingForReconcile: RECONCILE_THERE,
  WaitingForControlPlane: RECONCILE_THERE,
  WaitingForAcknowledgement: {
    why: 'Crossplane must release the objects before they are deleted here: its resourceRefs must no longer list them. The cluster already manages itself.',
    usualSeconds: 60,
    next: [
      {
        do: 'check whether Crossplane reconciles the composite',
        run: '{kubectl} -n {namespace} describe {resource}',
      },
    ],
  },
  SourceNotFenced: OWNER_CHANGED,
  WaitingForRemoval: {
    why: 'The paused objects on the source side are deleted, children first. The owner of the cluster reconciles it meanwhile.',
    usualSeconds: 120,
    next: [{ do: 'describe the object in the message, and see which finalizers it has' }, DESCRIBE],
  },
  PausedWhileFenced: {
    why: 'The annotation crossplane.io/paused stops the pivot while the cluster is fenced: machines keep running, but none is repaired or scaled.',
    severity: 'danger',
    next: [
      ABORT,
      {
        do: 'to continue or to abort the pivot, remove the annotation',
        run: '{kubectl} -n {namespace} annotate {object} crossplane.io/paused-',
      },
    ],
  },
  Aborted: ABORTED,
  Aborting: {
    why: 'Everything is being restored to the state before the pivot.',
    usualSeconds: 60,
    next: [DESCRIBE, PROVIDER_LOGS],
  },
  EscrowEmpty: NO_ESCROW,
  WaitingForReady: {
    why: 'Gate G2 is checked again before the cluster is fenced: the agent or a provider in the cluster is no longer ready. The findings of the AgentInstallation show which one.',
    usualSeconds: 300,
    next: [WORKLOAD_KUBECONFIG, MANAGERS_THERE, PROVIDER_LOGS],
  },
  ReconcileError: FAILED,
};

/** ABORTED_REASONS is the advice for why an attempt was aborted; the state before it is restored. */
export const ABORTED_REASONS: Readonly<Record<AbortReason, Advice>> = {
  AbortRequested: ABORTED,
  ControllerChanged: {
    why: 'Another object has become the controller of an object that this pivot releases. It is not changed.',
    severity: 'problem',
    next: [OWNERS, DESCRIBE],
  },
  DeletionUnderWay: {
    why: 'A deletion can finish only while the cluster is reconciled: the attempt is aborted, and a new one starts when the object is gone.',
    usualSeconds: 300,
    next: [
      { do: 'describe the object in the message, and see what blocks its deletion' },
      MANAGERS,
    ],
  },
  ClusterGone: {
    why: 'The Cluster to be moved no longer exists.',
    severity: 'problem',
    next: [OWNERS, DESCRIBE],
  },
  TookTooLong: {
    why: 'A fenced cluster is not reconciled, so an attempt that does not reach its commit in time is aborted, and a new one follows.',
    usualSeconds: 60,
    next: [DESCRIBE, MANAGERS, MANAGERS_THERE],
  },
  Refused: {
    why: 'An API server kept denying a request while the cluster was fenced, so the attempt was aborted, and a new one follows.',
    severity: 'problem',
    next: [
      { do: 'correct the cause in the message above: a policy, a webhook, RBAC or a quota' },
      DESCRIBE,
      PROVIDER_LOGS,
    ],
  },
};

/** ERRORS is advice for errors of an API server or of the network, by their text; the first match is used. */
export const ERRORS: readonly { readonly says: RegExp; readonly advice: Advice }[] = [
  { says: /ValidatingAdmissionPolicy/, advice: POLICIES },
  {
    says: /failed calling webhook|conversion webhook|admission webhook/,
    advice: {
      why: 'A webhook on the target side does not answer or denies the object.',
      usualSeconds: 120,
      next: [WORKLOAD_KUBECONFIG, MANAGERS_THERE, ABORT],
    },
  },
  {
    says: /connection refused|ECONN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ENOTFOUND|EAI_AGAIN/,
    advice: UNREACHABLE,
  },
];

/** ANYTHING is for a reason without advice of its own. */
export const ANYTHING: Advice = {
  why: 'The provider retries.',
  usualSeconds: 120,
  next: [DESCRIBE, PROVIDER_LOGS],
};

/** SILENT is for a Pivot that the provider has not reconciled yet. */
export const SILENT: Advice = {
  why: 'The provider sets status within seconds after the object is created. If it does not, it is not running, or RBAC does not allow it to read the object.',
  usualSeconds: 30,
  next: [PROVIDER_LOGS],
};

/** RELEASE_INCOMPLETE is for objects whose controller is still Crossplane after the commit. */
export const RELEASE_INCOMPLETE: Advice = {
  why: 'The objects stay composed, because Crossplane deletes objects that are no longer composed. A tool that re-applies old manifests, or a second composite, has made Crossplane their controller again; the provider releases them again.',
  usualSeconds: 60,
  next: [
    {
      do: 'see who controls them',
      run: '{kubectl} -n {namespace} get cluster-api -l cluster.x-k8s.io/cluster-name={name} -o custom-columns=KIND:.kind,NAME:.metadata.name,OWNER:.metadata.ownerReferences[*].kind',
    },
    {
      do: 'see the conditions of the Pivot',
      run: '{kubectl} -n {namespace} describe pivots.m.managedcluster.io/{name}',
    },
  ],
};
