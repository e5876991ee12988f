import { MANAGEMENT_SIDE } from './kinds.ts';

/**
 * THIS_SIDE is the object in which the provider notes that it has asked every cluster that this side reconciles whether it
 * manages itself. While the note is old no manager of Cluster API becomes a leader on this side (policy leaders).
 */
export const THIS_SIDE = { ...MANAGEMENT_SIDE, name: 'this' } as const;

/** ASKED_SECONDS is how long the note is fresh: a backup of etcd that is older is recognised. */
export const ASKED_SECONDS = 60;

/** PROVIDER_LEASE is the Lease with which the provider elects its leader. */
export const PROVIDER_LEASE = 'managed-cluster-provider';
