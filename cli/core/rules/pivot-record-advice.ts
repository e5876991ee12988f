import type { Advice } from '../finding.ts';
import { DESCRIBE } from './steps.ts';

type RecordReason = 'RecordMissing' | 'RecordRefused' | 'RecordMismatch' | 'EscrowRefused';

const SEE_RECORD = {
  do: 'see which Secrets claim to be the record of its handover',
  run: '{kubectl} -n {namespace} get secrets -l managedcluster.io/record',
};

/** RECORD_REASONS is the advice for a cluster that is taken back and cannot be verified. */
export const RECORD_REASONS: Readonly<Record<RecordReason, Advice>> = {
  RecordMissing: {
    why: 'What comes back from a cluster is verified with the record that the management side wrote when it handed the cluster over. There is none, so nothing is taken back.',
    severity: 'problem',
    next: [SEE_RECORD, { do: 'restore the Secret from a backup of the management side' }, DESCRIBE],
  },
  RecordRefused: {
    why: 'The record of the handover does not have the signature of this provider: it was changed, or the key that signed it is lost. Nothing is taken back.',
    severity: 'problem',
    next: [
      { do: 'restore the Secret with the keys of the provider, or the record, from a backup' },
      SEE_RECORD,
      DESCRIBE,
    ],
  },
  RecordMismatch: {
    why: 'The cluster has machines, keys or references that the record of its handover does not explain, so somebody in the cluster may have forged them. Nothing is taken back while it is unclear.',
    severity: 'problem',
    next: [
      DESCRIBE,
      { do: 'correct in the cluster what the message names' },
      {
        do: 'or leave it there, and remove such machines in your cloud afterwards',
        run: '{kubectl} -n {namespace} annotate {object} managedcluster.io/leave-unexplained=true',
      },
    ],
  },
  EscrowRefused: {
    why: 'The last known state of the cluster was not written by this provider for this handover, was changed, or is older than the last one. It is not used.',
    severity: 'problem',
    next: [
      {
        do: 'take the cluster back from itself',
        run: '{kubectl} -n {namespace} patch {object} --type=merge -p \'{"spec":{"source":"Cluster"}}\'',
      },
      DESCRIBE,
    ],
  },
};
