/** Kind names one of our kinds with the apiVersion that it is served in. */
interface OwnKind {
  readonly apiVersion: string;
  readonly kind: string;
}

/** VERSION is the one version that all our APIs are served in. */
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

/** X_MANAGED_CLUSTER is the cluster-scoped composite that Crossplane makes for a claim. */
export const X_MANAGED_CLUSTER = {
  apiVersion: `${CLAIM_GROUP}/${VERSION}`,
  kind: 'XManagedCluster',
} as const satisfies OwnKind;

/**
 * NAMESPACED_MANAGED_CLUSTER is the namespaced composite. Kind and plural are not those of the claim: of two equal
 * names kubectl shows one group only, and calls the other's objects not found.
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
