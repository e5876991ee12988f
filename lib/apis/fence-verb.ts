/**
 * FENCE_VERB on {@link FENCE_RESOURCE} of group `m.managedcluster.io` is the permission to change who owns a cluster:
 * the annotations of the fence, the hold label and the stamps of the provider (policies fence-owner and marks). No
 * such resource is served; the verb exists only in RBAC, and `cluster-admin` has it.
 */
export const FENCE_VERB = 'fence';

/** FENCE_RESOURCE is the resource of {@link FENCE_VERB}. */
export const FENCE_RESOURCE = 'clusters';
