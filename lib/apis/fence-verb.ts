/**
 * FENCE_VERB on {@link FENCE_RESOURCE} of group `m.managedcluster.io` is the permission to change who owns a cluster:
 * the annotations of the fence, the hold label and the stamps of the provider (policies fence-owner and marks). No
 * such resource is served; the verb exists only in RBAC, and `cluster-admin` has it.
 */
export const FENCE_VERB = 'fence';

/**
 * ADOPT_VERB on {@link FENCE_RESOURCE} is the permission to set `spec.adopt`: what a cluster that is adopted says about
 * its machines is believed once, and they are removed with the claim (policy adopt).
 */
export const ADOPT_VERB = 'adopt';

/** FENCE_RESOURCE is the resource of {@link FENCE_VERB} and {@link ADOPT_VERB}. */
export const FENCE_RESOURCE = 'clusters';
