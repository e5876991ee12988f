/** AGENT_NAMESPACE is the namespace of the agent and its objects in the workload cluster. */
export const AGENT_NAMESPACE = 'managed-cluster-system';

/** AGENT_NAME is the name of the agent's Deployment, ServiceAccount and role in the workload cluster. */
export const AGENT_NAME = 'managed-cluster-agent';

/** LAYERS_NAME is the ServiceAccount that the agent impersonates to apply layers, and only for that. */
export const LAYERS_NAME = 'managed-cluster-layers';

/**
 * BOOTSTRAP_SECRET is the Secret in {@link AGENT_NAMESPACE} that tells the agent how to reach the management
 * side. Its keys are {@link BOOTSTRAP_KEYS}. The agent writes its renewed token into it.
 */
export const BOOTSTRAP_SECRET = 'managed-cluster-agent-bootstrap';

/** BOOTSTRAP_KEYS are the keys of {@link BOOTSTRAP_SECRET}; the values are plain text. */
export const BOOTSTRAP_KEYS = {
  /** URL of the API server of the management side. */
  endpoint: 'endpoint',
  /** PEM of the CA that signed its certificate. */
  authority: 'ca.crt',
  /** Bearer token of the ServiceAccount {@link agentIdentity}. */
  token: 'token',
  /** Namespace and name of the ClusterPlan on the management side. */
  namespace: 'namespace',
  cluster: 'cluster',
} as const;

/**
 * TOKEN_ISSUED_ANNOTATION and TOKEN_EXPIRES_ANNOTATION on {@link BOOTSTRAP_SECRET} describe the token in it
 * for people (RFC 3339); programs read the claims of the token itself.
 */
export const TOKEN_ISSUED_ANNOTATION = 'managedcluster.io/token-issued';
export const TOKEN_EXPIRES_ANNOTATION = 'managedcluster.io/token-expires';

/**
 * agentIdentity returns the name of the agent's ServiceAccount, Role, RoleBinding and Lease on the
 * management side, in the namespace of the cluster.
 */
export function agentIdentity(cluster: string): string {
  return `${cluster}-agent`;
}

/** HEARTBEAT_SECONDS is how often the agent renews its Lease on the management side. */
export const HEARTBEAT_SECONDS = 10;

/** HEARTBEATS_MISSED is the number of missed heartbeats after which the agent counts as not connected. */
export const HEARTBEATS_MISSED = 4;
