/** Owner is the value of {@link OWNER_ANNOTATION}: the side that reconciles a cluster, or neither. */
export type Owner = 'management' | 'moving' | 'workload';

/** Side is where a policy, a provider or an agent runs. */
export type Side = 'management' | 'workload';

/** OWNER_ANNOTATION on a Cluster says who reconciles it; absent means management (DESIGN 5). */
export const OWNER_ANNOTATION = 'managedcluster.io/owner';

/** EPOCH_ANNOTATION on a Cluster is an integer that grows with every change of owner. */
export const EPOCH_ANNOTATION = 'managedcluster.io/epoch';

/**
 * PIVOT_ANNOTATION on a Cluster that is fenced is the uid of the Pivot that fenced it, on both sides. It
 * comes with the fence and goes with it.
 */
export const PIVOT_ANNOTATION = 'managedcluster.io/pivot';

/** HOLD_LABEL, with any value, protects an object from deletion (policy guard.managedcluster.io). */
export const HOLD_LABEL = 'managedcluster.io/hold';

/**
 * SOURCE_UID_ANNOTATION is on every copy that a pivot makes: the uid that the object has on the side
 * that it comes from. It tells the copy of a Machine from a new Machine while the owner is `moving`.
 */
export const SOURCE_UID_ANNOTATION = 'managedcluster.io/source-uid';

/** SIDE_LABEL is on the admission policies: the side that they are made for. */
export const SIDE_LABEL = 'managedcluster.io/side';

/** CLUSTER_LABEL is on everything that the provider makes for a cluster: the name of the Cluster. */
export const CLUSTER_LABEL = 'managedcluster.io/cluster';

/**
 * COMPOSITE_UID_ANNOTATION is on what the provider makes for a composite and does not hang on it: the uid of
 * that composite. Two composites can ask for a cluster of the same name, but only one of them has it.
 */
export const COMPOSITE_UID_ANNOTATION = 'managedcluster.io/composite-uid';

/** ESCROW_LABEL is on the Secrets that hold the last known objects of a cluster that manages itself. */
export const ESCROW_LABEL = 'managedcluster.io/escrow';

/** ESCROW_TIME on those Secrets is when the objects were last known to be like that (RFC 3339). */
export const ESCROW_TIME = 'managedcluster.io/escrow-time';

/** ANCHOR_FINALIZER is on the ConfigMap that controls released objects until they are retired. */
export const ANCHOR_FINALIZER = 'managedcluster.io/anchor';

/** PROVIDER_FINALIZER is on AgentInstallation and Pivot until the provider has cleaned up behind them. */
export const PROVIDER_FINALIZER = 'managedcluster.io/provider';

/** TEARDOWN_FINALIZER is on every composite until Teardown has proved that nothing is left. */
export const TEARDOWN_FINALIZER = 'managedcluster.io/teardown';

/** anchorName names the ConfigMap that controls the released objects of a cluster. */
export function anchorName(cluster: string): string {
  return `${cluster}-anchor`;
}
