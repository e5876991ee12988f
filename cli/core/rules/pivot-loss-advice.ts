import type { Advice } from '../finding.ts';
import { DESCRIBE } from './steps.ts';

/** LOSS_REASONS is what to do when the side that took over is lost behind the commit. */
export const LOSS_REASONS: Readonly<Record<'TargetLost' | 'Abandoned', Advice>> = {
  TargetLost: {
    why: 'Somebody deleted the Cluster on the new side after the commit. The machines run on; nobody reconciles them.',
    severity: 'danger',
    next: [
      {
        do: 'restore the Cluster there from a backup; or have this Pivot give up, and then create one with direction ToManagement and source Escrow, which takes the cluster back from its escrow',
        run: '{kubectl} -n {namespace} annotate {object} managedcluster.io/give-up=true',
      },
      DESCRIBE,
    ],
  },
  Abandoned: {
    why: 'It was told to give up behind its commit (annotation managedcluster.io/give-up), and touches neither side any more. The cluster is taken back from its escrow by another Pivot.',
    severity: 'problem',
    next: [
      {
        do: 'see whether the Pivot of the way back is there, and how far it is; delete this one when it is Ready',
        run: '{kubectl} -n {namespace} get pivots.m.managedcluster.io',
      },
    ],
  },
};
