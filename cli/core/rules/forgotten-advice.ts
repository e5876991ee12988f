import type { Advice } from '../finding.ts';
import { OWNERS } from './steps.ts';

/** FORGOTTEN is the advice for a cluster that manages itself and whose management side does not know it. */
export const FORGOTTEN: Advice = {
  why: 'The cluster was handed over to itself before, and this management side does not know it: it was restored from a backup of before the handover, or another management side has handed the cluster over. The cluster runs on. The provider pauses the Cluster here, so that two sides do not reconcile the same machines.',
  severity: 'problem',
  next: [
    OWNERS,
    {
      do: 'let the cluster go here; nothing is removed in your cloud or in the cluster',
      run: '{kubectl} -n {namespace} patch {resource} --type=merge -p \'{"spec":{"deletionPolicy":"Orphan"}}\' && {kubectl} -n {namespace} delete {resource}',
    },
    { do: 'then adopt the cluster as docs/restore.md describes' },
    {
      do: 'do not delete the Cluster in the workload cluster: Cluster API there would delete its machines',
    },
  ],
};
