import type { Advice } from '../finding.ts';
import { DESCRIBE, OBJECTS_THERE, OWNERS, WORKLOAD_KUBECONFIG } from './steps.ts';

type AdoptionReason =
  | 'NotSelfManaged'
  | 'ManagedElsewhere'
  | 'AdoptionMismatch'
  | 'MachinesClaimed'
  | 'TargetRefused'
  | 'RecordExists';

/** MANAGED_ELSEWHERE is for a management side that has lost a cluster to another one. */
export const MANAGED_ELSEWHERE: Advice = {
  why: 'Another management side has adopted the cluster, so this one changes nothing in it and does not take it back. Two management sides never manage one cluster.',
  severity: 'problem',
  next: [
    {
      do: 'if the other side is right, let the cluster go here: set spec.deletionPolicy of the ManagedCluster to Orphan, then delete it',
    },
    {
      do: 'if this side is right, take the cluster over: delete the ManagedCluster in the same way, and create it again with spec.adoptFrom and spec.agent.kubeconfigSecretRef',
    },
    WORKLOAD_KUBECONFIG,
    OBJECTS_THERE,
  ],
};

/** ADOPTION_REASONS is the advice for a cluster that is not adopted yet. */
export const ADOPTION_REASONS: Readonly<Record<AdoptionReason, Advice>> = {
  ManagedElsewhere: MANAGED_ELSEWHERE,
  NotSelfManaged: {
    why: 'Only a cluster that manages itself can be adopted: another one would get two sides that reconcile it. Nothing has been changed.',
    severity: 'problem',
    next: [
      OWNERS,
      { do: 'wait until the management side that has the cluster now has handed it over' },
    ],
  },
  AdoptionMismatch: {
    why: 'The account, region, server or network of the cluster decides where its machines are and as whom they are removed. The claim says something else, so one of the two is wrong. Nothing has been changed.',
    severity: 'problem',
    next: [
      { do: 'correct the fields of the ManagedCluster that the message names' },
      WORKLOAD_KUBECONFIG,
      OBJECTS_THERE,
    ],
  },
  TargetRefused: {
    why: 'The kubeconfig leads to the management side itself, or to a cluster whose agent works for another ManagedCluster. Nothing has been changed.',
    severity: 'problem',
    next: [{ do: 'correct the Secret that the message names' }, WORKLOAD_KUBECONFIG],
  },
  RecordExists: {
    why: 'The record of an earlier handover or adoption says what the cluster was. What the cluster says now must not replace it. Nothing has been changed.',
    severity: 'problem',
    next: [
      {
        do: 'see which Secrets claim to be the record of the cluster',
        run: '{kubectl} -n {namespace} get secrets -l managedcluster.io/record',
      },
      {
        do: 'delete the ManagedCluster that it belongs to, after its spec.deletionPolicy was set to Orphan',
      },
    ],
  },
  MachinesClaimed: {
    why: 'The cluster says that it has machines which belong to another cluster of this management side. If it was adopted, a deletion would remove the machines of the other one. Nothing has been changed.',
    severity: 'danger',
    next: [
      {
        do: 'find out to which cluster the machines in the message belong, and correct the other one',
      },
      DESCRIBE,
    ],
  },
};
