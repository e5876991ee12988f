import type { Advice } from '../finding.ts';
import { DESCRIBE } from './steps.ts';

/** LOSS_REASONS is the advice for a target side that is lost after the commit. */
export const LOSS_REASONS: Readonly<Record<'TargetLost' | 'Abandoned', Advice>> = {
  TargetLost: {
    why: 'The Cluster was deleted on the target side after the commit. The machines keep running, but nothing reconciles them.',
    severity: 'danger',
    next: [
      {
        do: 'restore the Cluster there from a backup; or make this Pivot give up, and then create a Pivot with direction ToManagement and source Escrow, which takes the cluster back from its escrow',
        run: '{kubectl} -n {namespace} annotate {object} managedcluster.io/give-up=true',
      },
      DESCRIBE,
    ],
  },
  Abandoned: {
    why: 'The Pivot was told to give up after its commit (annotation managedcluster.io/give-up), and no longer changes either side. Another Pivot takes the cluster back from its escrow.',
    severity: 'problem',
    next: [
      {
        do: 'check that a Pivot with direction ToManagement exists, and see its progress; delete this Pivot when that one is Ready',
        run: '{kubectl} -n {namespace} get pivots.m.managedcluster.io',
      },
    ],
  },
};
