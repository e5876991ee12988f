import type { TeardownReason } from '../../../lib/apis/reasons/teardown.ts';
import type { Advice, NextStep } from '../finding.ts';
import { FORGOTTEN } from './forgotten-advice.ts';
import { PROVIDER_LOGS, REACH_THERE, WORKLOAD_KUBECONFIG } from './steps.ts';

const REPORT: NextStep = {
  do: 'see what was removed already, and what could not be verified',
  run: "{kubectl} -n {namespace} get configmap {name}-teardown -o jsonpath='{.data.report}'",
};

const PIVOTS: NextStep = {
  do: 'see the conditions of the Pivots',
  run: '{kubectl} -n {namespace} describe pivots.m.managedcluster.io -l managedcluster.io/cluster={name}',
};

const ORPHAN: NextStep = {
  do: 'to keep the cluster and only stop managing it, set the deletion policy to Orphan instead',
  run: '{kubectl} -n {namespace} patch {resource} --type=merge -p \'{"spec":{"deletionPolicy":"Orphan"}}\'',
};

/** PROGRESS is for a teardown that progresses without action. */
export const PROGRESS: Advice = {
  why: 'The teardown takes the cluster back, deletes its machines and infrastructure through Cluster API, and then releases the ManagedCluster.',
  usualSeconds: 1800,
  next: [REPORT, PROVIDER_LOGS],
};

const NAMESPACE: Advice = {
  why: 'The namespace is being deleted too, so the objects that are needed to take the cluster back cannot be created in it.',
  severity: 'problem',
  next: [{ do: 'follow the instruction in the message above' }, REPORT],
};

/** REASONS is the advice for the reasons that Teardown sets on the condition Operational. */
export const REASONS: Readonly<Record<TeardownReason, Advice>> = {
  SelfManagedAlready: FORGOTTEN,
  ClusterSilent: {
    why: 'A management side that was restored from a backup of before the handover knows one machine of a cluster that manages itself. Therefore the cluster is asked before its machines are removed, and it does not answer. It counts as dead after ten minutes.',
    usualSeconds: 600,
    next: [WORKLOAD_KUBECONFIG, REACH_THERE],
  },
  RemovingMachines: PROGRESS,
  RemovingSecrets: PROGRESS,
  LettingGo: PROGRESS,
  Releasing: PROGRESS,
  TeardownBlocked: {
    why: 'An object that Cluster API deletes is not removed. The message above names the object, its finalizer and the error of its controller.',
    severity: 'problem',
    next: [
      {
        do: 'correct the cause that the controller reports: credentials, locks or permissions in the cloud',
      },
      {
        do: 'find that controller and read its log',
        run: '{kubectl} get pods -A -l cluster.x-k8s.io/provider',
      },
      REPORT,
    ],
  },
  TeardownFailed: {
    why: 'The teardown failed with an error; it is retried with exponential back-off.',
    severity: 'problem',
    next: [PROVIDER_LOGS, REPORT],
  },
  NameTaken: {
    why: 'The report of a teardown is its memory. A ConfigMap that no teardown created has its name, and is neither changed nor used.',
    severity: 'problem',
    next: [{ do: 'delete or rename the ConfigMap that the message names' }, PROVIDER_LOGS],
  },
  TakingClusterBack: {
    why: 'The cluster manages itself, so its objects are moved back first; then the management side can delete its machines. If neither its API server nor its agent answers for ten minutes, the cluster is taken back from its last known state.',
    usualSeconds: 300,
    next: [
      PIVOTS,
      WORKLOAD_KUBECONFIG,
      REACH_THERE,
      {
        do: 'if you know that its API server is permanently lost, skip the wait',
        run: '{kubectl} -n {namespace} annotate {resource} managedcluster.io/force-escrow=true',
      },
    ],
  },
  EscrowMissing: {
    why: 'The cluster does not answer and there is no last known state, so it is unknown which machines belong to the cluster.',
    severity: 'problem',
    next: [WORKLOAD_KUBECONFIG, REACH_THERE, ORPHAN],
  },
  NamespaceTerminating: NAMESPACE,
  NotOwner: {
    why: 'Deleting a Cluster on a side that does not reconcile it deletes no infrastructure and orphans the machines.',
    severity: 'problem',
    next: [PIVOTS],
  },
  AbortingPivot: {
    why: 'A pivot was in progress; it has not committed, so the state before it is restored.',
    usualSeconds: 120,
    next: [PIVOTS, PROVIDER_LOGS],
  },
  FinishingPivot: {
    why: 'A pivot that has committed must finish; then another pivot takes the cluster back.',
    usualSeconds: 300,
    next: [PIVOTS, PROVIDER_LOGS],
  },
  AbandoningPivot: {
    why: 'The pivot has committed but cannot finish, because its target cluster is lost or was taken back; it gives up, and the cluster is deleted using its last known state.',
    usualSeconds: 120,
    next: [PIVOTS, PROVIDER_LOGS],
  },
  WaitingForCrossplane: {
    why: 'Crossplane must release the composite first.',
    usualSeconds: 60,
    next: [
      {
        do: 'check that Crossplane runs',
        run: '{kubectl} -n crossplane-system get pods',
      },
    ],
  },
  ReconcilePaused: {
    why: 'While the annotation crossplane.io/paused is set nothing is reconciled, and the deletion does not proceed.',
    severity: 'problem',
    next: [
      {
        do: 'to continue, remove the annotation',
        run: '{kubectl} -n {namespace} annotate {resource} crossplane.io/paused-',
      },
    ],
  },
};

/** SILENT is for a deletion that Teardown has not started to process. */
export const SILENT: Advice = {
  why: 'Teardown starts within seconds. Only Teardown deletes the objects of the cluster in the right order; the policy guard denies deletions in any other order.',
  usualSeconds: 30,
  next: [PROVIDER_LOGS],
};

/** BLOCKER is for an object whose deletion takes too long. */
export const BLOCKER: Advice = {
  why: 'The finalizer stays until its controller has deleted the external resources. Removing the finalizer by hand orphans these resources, which keep costing money.',
  severity: 'problem',
  next: [
    {
      do: 'see its conditions and events',
      run: '{kubectl} -n {namespace} describe {object}',
    },
  ],
};
