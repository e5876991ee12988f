import type { TeardownReason } from '../../../lib/apis/reasons/teardown.ts';
import type { Advice, NextStep } from '../finding.ts';
import { PROVIDER_LOGS, REACH_THERE, WORKLOAD_KUBECONFIG } from './steps.ts';

const REPORT: NextStep = {
  do: 'see what went already, and what could not be proved',
  run: "{kubectl} -n {namespace} get configmap {name}-teardown -o jsonpath='{.data.report}'",
};

const PIVOTS: NextStep = {
  do: 'see what the Pivots say',
  run: '{kubectl} -n {namespace} describe pivots.m.managedcluster.io -l managedcluster.io/cluster={name}',
};

const ORPHAN: NextStep = {
  do: 'to keep the cluster and only let go of it, instead',
  run: '{kubectl} -n {namespace} patch {resource} --type=merge -p \'{"spec":{"deletionPolicy":"Orphan"}}\'',
};

/** PROGRESS is for a teardown that goes on by itself. */
export const PROGRESS: Advice = {
  why: 'A deletion takes the cluster back, deletes its machines and infrastructure through Cluster API, and lets the ManagedCluster go when nothing is left.',
  usualSeconds: 1800,
  next: [REPORT, PROVIDER_LOGS],
};

const NAMESPACE: Advice = {
  why: 'The namespace is being deleted as well, so nothing can be made in it that the way back needs.',
  severity: 'problem',
  next: [{ do: 'do what the sentence above says' }, REPORT],
};

/** REASONS is what to do about what Teardown says on the condition Operational. */
export const REASONS: Readonly<Record<TeardownReason, Advice>> = {
  RemovingMachines: PROGRESS,
  RemovingSecrets: PROGRESS,
  LettingGo: PROGRESS,
  Releasing: PROGRESS,
  TeardownBlocked: {
    why: 'Something that Cluster API deletes does not go. The sentence above names the object, its finalizer and what its controller says.',
    severity: 'problem',
    next: [
      {
        do: 'mend what the controller complains about: credentials, locks and permissions in the cloud',
      },
      {
        do: 'see what that controller says',
        run: '{kubectl} get pods -A -l cluster.x-k8s.io/provider',
      },
      REPORT,
    ],
  },
  TeardownFailed: {
    why: 'An error stopped it; it is tried again with a growing pause.',
    severity: 'problem',
    next: [PROVIDER_LOGS, REPORT],
  },
  TakingClusterBack: {
    why: 'The cluster manages itself, so its objects come back first: only then their machines can be removed from here. A cluster of which neither API nor agent is heard for ten minutes is taken back from its last known state.',
    usualSeconds: 300,
    next: [
      PIVOTS,
      WORKLOAD_KUBECONFIG,
      REACH_THERE,
      {
        do: 'when you know that its API server is dead for good, do not wait for it',
        run: '{kubectl} -n {namespace} annotate {resource} managedcluster.io/force-escrow=true',
      },
    ],
  },
  EscrowMissing: {
    why: 'Without an answer and without a last known state nobody knows which machines belong to the cluster.',
    severity: 'problem',
    next: [WORKLOAD_KUBECONFIG, REACH_THERE, ORPHAN],
  },
  NamespaceTerminating: NAMESPACE,
  NotOwner: {
    why: 'Deleting a Cluster on a side that does not reconcile it removes nothing, and loses track of the machines.',
    severity: 'problem',
    next: [PIVOTS],
  },
  AbortingPivot: {
    why: 'A pivot was under way; before its commit everything is put back as it was.',
    usualSeconds: 120,
    next: [PIVOTS, PROVIDER_LOGS],
  },
  FinishingPivot: {
    why: 'A pivot behind its commit can only go forward; then the cluster is taken back by another one.',
    usualSeconds: 300,
    next: [PIVOTS, PROVIDER_LOGS],
  },
  AbandoningPivot: {
    why: 'The pivot behind its commit can not end, because the cluster that it goes to is dead or was taken back; it gives up, and the cluster is removed from its last known state.',
    usualSeconds: 120,
    next: [PIVOTS, PROVIDER_LOGS],
  },
  WaitingForCrossplane: {
    why: 'Crossplane lets go of the composite first.',
    usualSeconds: 60,
    next: [
      {
        do: 'does Crossplane run?',
        run: '{kubectl} -n crossplane-system get pods',
      },
    ],
  },
  ReconcilePaused: {
    why: 'With the annotation crossplane.io/paused nothing is done, not even a deletion.',
    severity: 'problem',
    next: [
      {
        do: 'when it is time, take the annotation off',
        run: '{kubectl} -n {namespace} annotate {resource} crossplane.io/paused-',
      },
    ],
  },
};

/** SILENT is for a deletion that Teardown has not seen. */
export const SILENT: Advice = {
  why: 'Teardown begins within seconds. Without it nobody deletes the cluster in order; the policy guard keeps everything from being deleted out of order.',
  usualSeconds: 30,
  next: [PROVIDER_LOGS],
};

/** BLOCKER is for an object that has been going for too long. */
export const BLOCKER: Advice = {
  why: 'Its finalizer stays until its controller has removed what stands behind it. Taking the finalizer off by hand leaves that behind, and costs money.',
  severity: 'problem',
  next: [
    {
      do: 'see what its controller says',
      run: '{kubectl} -n {namespace} describe {object}',
    },
  ],
};
