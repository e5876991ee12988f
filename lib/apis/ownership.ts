/** Owner is the value of {@link OWNER_ANNOTATION}: the side that reconciles a cluster; `moving` means neither side. */
export type Owner = 'management' | 'moving' | 'workload';

/** Side is where a policy, a provider or an agent runs. */
export type Side = 'management' | 'workload';

/** OWNER_ANNOTATION on a Cluster says who reconciles it; absent means management (DESIGN 5). */
export const OWNER_ANNOTATION = 'managedcluster.io/owner';

/** EPOCH_ANNOTATION on a Cluster is an integer that increases with every change of owner. */
export const EPOCH_ANNOTATION = 'managedcluster.io/epoch';

/** More digits would not be exact in every program (2^53); the policy fence-owner admits no more. */
const EPOCH = /^[0-9]{1,15}$/;

/**
 * epochIn reads the value of {@link EPOCH_ANNOTATION}: 1 if it is absent, undefined if it is not an integer of at most
 * 15 digits, which is not read as any other number.
 */
export function epochIn(text: string | undefined): number | undefined {
  if (text === undefined) return 1;
  return EPOCH.test(text) ? Number(text) : undefined;
}

/**
 * PIVOT_ANNOTATION on a fenced Cluster is the uid of the Pivot that fenced it, on both sides. It is set and
 * removed together with the fence.
 */
export const PIVOT_ANNOTATION = 'managedcluster.io/pivot';

/**
 * MANAGEMENT_ANNOTATION on a Cluster that manages itself is the uid of the namespace kube-system of its management
 * side. Another management side leaves the cluster alone until it adopts it (docs/decisions/0028).
 */
export const MANAGEMENT_ANNOTATION = 'managedcluster.io/management';

/**
 * ELSEWHERE_ANNOTATION on an AgentInstallation is `true` if its cluster said, when it last answered, that it belongs to
 * another management side: its escrow is then used only if a user asks for it.
 */
export const ELSEWHERE_ANNOTATION = 'managedcluster.io/managed-elsewhere';

/** HOLD_LABEL, with any value, protects an object from deletion (policy guard.managedcluster.io). */
export const HOLD_LABEL = 'managedcluster.io/hold';

/**
 * SOURCE_UID_ANNOTATION is set on every copy that a pivot creates: the uid of the object on the source. It
 * distinguishes the copy of a Machine from a new Machine while the owner is `moving`.
 */
export const SOURCE_UID_ANNOTATION = 'managedcluster.io/source-uid';

/**
 * RECLAIMED_ANNOTATION on a Cluster of the management side: a user insists that this side removes it, whatever the cluster
 * says about its owner. Only holders of the verb `fence` can set it (policy fence-owner).
 */
export const RECLAIMED_ANNOTATION = 'managedcluster.io/reclaimed';

/** SIDE_LABEL is set on the admission policies: the side that they are for. */
export const SIDE_LABEL = 'managedcluster.io/side';

/** CLUSTER_LABEL is set on everything that the provider creates for a cluster: the name of the Cluster. */
export const CLUSTER_LABEL = 'managedcluster.io/cluster';

/** CLUSTER_NAMESPACE_LABEL is set beside {@link CLUSTER_LABEL} on objects in another namespace than their cluster. */
export const CLUSTER_NAMESPACE_LABEL = 'managedcluster.io/cluster-namespace';

/**
 * COMPOSITE_UID_ANNOTATION is the stamp on objects that the provider creates on the management side without an owner
 * reference to the composite: the uid of that composite, or `<namespace>/<cluster>` for the identity of an agent
 * without one. Two composites can request a cluster with the same name, but only one gets it. An object without the
 * stamp is not ours, whatever its name; only holders of the verb `fence` can set or change it (policy marks).
 */
export const COMPOSITE_UID_ANNOTATION = 'managedcluster.io/composite-uid';

/** ESCROW_LABEL is set on the Secrets with the last known objects of a self-managed cluster. */
export const ESCROW_LABEL = 'managedcluster.io/escrow';

/** RECORD_LABEL is set on the Secret with the record of a handover (docs/decisions/0022). */
export const RECORD_LABEL = 'managedcluster.io/record';

/**
 * LEAVE_UNEXPLAINED_ANNOTATION, set to "true" by a user on a Pivot to the management side: what the record of the
 * handover does not explain is left in the cluster instead of stopping the pivot.
 */
export const LEAVE_UNEXPLAINED_ANNOTATION = 'managedcluster.io/leave-unexplained';

/** ESCROW_TIME on those Secrets is the time when the objects were last known to have this state (RFC 3339). */
export const ESCROW_TIME = 'managedcluster.io/escrow-time';

/** ANCHOR_FINALIZER is on the ConfigMap that controls released objects until they are retired. */
export const ANCHOR_FINALIZER = 'managedcluster.io/anchor';

/** PROVIDER_FINALIZER is on AgentInstallation and Pivot until the provider has cleaned up after them. */
export const PROVIDER_FINALIZER = 'managedcluster.io/provider';

/** TEARDOWN_FINALIZER is on every composite until Teardown has proved that nothing is left. */
export const TEARDOWN_FINALIZER = 'managedcluster.io/teardown';

/** anchorName returns the name of the ConfigMap that controls the released objects of a cluster. */
export function anchorName(cluster: string): string {
  return `${cluster}-anchor`;
}
