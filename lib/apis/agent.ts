/** AGENT_NAMESPACE is where the agent and all that belongs to it live in the workload cluster. */
export const AGENT_NAMESPACE = 'managed-cluster-system';

/** AGENT_NAME names Deployment, ServiceAccount and role of the agent in the workload cluster. */
export const AGENT_NAME = 'managed-cluster-agent';

/** LAYERS_NAME is the ServiceAccount as which the agent applies layers, and as which it does nothing else. */
export const LAYERS_NAME = 'managed-cluster-layers';

/**
 * BOOTSTRAP_SECRET in {@link AGENT_NAMESPACE} is how the agent reaches the management side; its keys
 * are those of {@link BOOTSTRAP_KEYS}. The agent itself writes its renewed token into it.
 */
export const BOOTSTRAP_SECRET = 'managed-cluster-agent-bootstrap';

/** BOOTSTRAP_KEYS are the keys of {@link BOOTSTRAP_SECRET}; the values are texts. */
export const BOOTSTRAP_KEYS = {
  /** URL of the API server of the management side. */
  endpoint: 'endpoint',
  /** PEM of the authority that signed its certificate. */
  authority: 'ca.crt',
  /** Bearer token of the ServiceAccount {@link agentIdentity}. */
  token: 'token',
  /** Namespace and name of the ClusterPlan on the management side. */
  namespace: 'namespace',
  cluster: 'cluster',
} as const;

/**
 * TOKEN_ISSUED_ANNOTATION and TOKEN_EXPIRES_ANNOTATION on {@link BOOTSTRAP_SECRET} tell people about the
 * token that the agent has put there (RFC 3339); programs read the token's own claims.
 */
export const TOKEN_ISSUED_ANNOTATION = 'managedcluster.io/token-issued';
export const TOKEN_EXPIRES_ANNOTATION = 'managedcluster.io/token-expires';

/**
 * agentIdentity names the ServiceAccount, Role, RoleBinding and Lease of a cluster's agent on the
 * management side, in the namespace of the cluster.
 */
export function agentIdentity(cluster: string): string {
  return `${cluster}-agent`;
}

/** HEARTBEAT_SECONDS is how often the agent renews its Lease on the management side. */
export const HEARTBEAT_SECONDS = 10;

/** HEARTBEATS_MISSED is after how many heartbeats that did not come the agent counts as not connected. */
export const HEARTBEATS_MISSED = 4;
