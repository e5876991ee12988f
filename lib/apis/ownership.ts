/** Owner is the value of {@link OWNER_ANNOTATION}: the side that reconciles a cluster, or neither. */
export type Owner = 'management' | 'moving' | 'workload';

/** Side is where a policy, a provider or an agent runs. */
export type Side = 'management' | 'workload';

/** OWNER_ANNOTATION on a Cluster says who reconciles it; absent means management (DESIGN 5). */
export const OWNER_ANNOTATION = 'managedcluster.io/owner';

/** EPOCH_ANNOTATION on a Cluster is an integer that grows with every change of owner. */
export const EPOCH_ANNOTATION = 'managedcluster.io/epoch';

/** HOLD_LABEL, with any value, protects an object from deletion (policy guard.managedcluster.io). */
export const HOLD_LABEL = 'managedcluster.io/hold';

/**
 * SOURCE_UID_ANNOTATION is on every copy that a pivot makes: the uid that the object has on the side
 * that it comes from. It tells the copy of a Machine from a new Machine while the owner is `moving`.
 */
export const SOURCE_UID_ANNOTATION = 'managedcluster.io/source-uid';

/** SIDE_LABEL is on the admission policies: the side that they are made for. */
export const SIDE_LABEL = 'managedcluster.io/side';
