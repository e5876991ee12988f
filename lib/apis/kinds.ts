/** OwnKind is one of our kinds with the apiVersion that serves it. */
interface OwnKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** VERSION is the version of all our APIs. */
export const VERSION = 'v1alpha1';

/** CLAIM_GROUP is the group of the claim and of the cluster-scoped composite behind it. */
export const CLAIM_GROUP = 'managedcluster.io';

/**
 * GROUP is the group of everything else: a claim and a namespaced composite of one kind cannot share
 * a group (DESIGN 3).
 */
export const GROUP = 'm.managedcluster.io';

/** MANAGED_CLUSTER_CLAIM is the claim, namespaced. */
export const MANAGED_CLUSTER_CLAIM = {
  apiVersion: `${CLAIM_GROUP}/${VERSION}`,
  kind: 'ManagedCluster',
} as const satisfies OwnKind;

/** X_MANAGED_CLUSTER is the cluster-scoped composite that Crossplane creates for a claim. */
export const X_MANAGED_CLUSTER = {
  apiVersion: `${CLAIM_GROUP}/${VERSION}`,
  kind: 'XManagedCluster',
} as const satisfies OwnKind;

/**
 * NAMESPACED_MANAGED_CLUSTER is the namespaced composite. Its kind and plural differ from those of the claim: if two
 * groups serve the same name, kubectl uses only one of them and reports the objects of the other as not found.
 */
export const NAMESPACED_MANAGED_CLUSTER = {
  apiVersion: `${GROUP}/${VERSION}`,
  kind: 'NamespacedManagedCluster',
} as const satisfies OwnKind;

/** CLUSTER_PROFILE is cluster-scoped. */
export const CLUSTER_PROFILE = {
  apiVersion: `${GROUP}/${VERSION}`,
  kind: 'ClusterProfile',
} as const satisfies OwnKind;

/** CLUSTER_PLAN is namespaced. */
export const CLUSTER_PLAN = {
  apiVersion: `${GROUP}/${VERSION}`,
  kind: 'ClusterPlan',
} as const satisfies OwnKind;

/** AGENT_INSTALLATION is namespaced. */
export const AGENT_INSTALLATION = {
  apiVersion: `${GROUP}/${VERSION}`,
  kind: 'AgentInstallation',
} as const satisfies OwnKind;

/** PIVOT is namespaced. */
export const PIVOT = {
  apiVersion: `${GROUP}/${VERSION}`,
  kind: 'Pivot',
} as const satisfies OwnKind;

/** MANAGEMENT_SIDE is cluster-scoped, and there is one of them. */
export const MANAGEMENT_SIDE = {
  apiVersion: `${GROUP}/${VERSION}`,
  kind: 'ManagementSide',
} as const satisfies OwnKind;
