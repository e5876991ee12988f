import { sha256 } from '../core/hash.ts';

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
  /** Name of the ServiceAccount and of the Lease of the agent in {@link AGENTS_NAMESPACE}. */
  identity: 'identity',
} as const;

/**
 * TOKEN_ISSUED_ANNOTATION and TOKEN_EXPIRES_ANNOTATION on {@link BOOTSTRAP_SECRET} describe the token in it
 * for people (RFC 3339); programs read the claims of the token itself.
 */
export const TOKEN_ISSUED_ANNOTATION = 'managedcluster.io/token-issued';
export const TOKEN_EXPIRES_ANNOTATION = 'managedcluster.io/token-expires';

/**
 * TOKEN_SECONDS_ANNOTATION and TOKEN_AUDIENCES_ANNOTATION on the ServiceAccount of an agent bound its tokens (policy
 * agent-tokens): the longest life in seconds, and the audiences of the API server, separated by commas.
 */
export const TOKEN_SECONDS_ANNOTATION = 'managedcluster.io/token-seconds';
export const TOKEN_AUDIENCES_ANNOTATION = 'managedcluster.io/token-audiences';

/**
 * AGENTS_NAMESPACE is the namespace of the management side with the ServiceAccounts and Leases of all agents.
 * Nobody but the provider writes there, so no name in it was chosen by somebody else.
 */
export const AGENTS_NAMESPACE = 'managed-cluster-agents';

/** AGENT_PREFIX is the start of the name of every identity of an agent. */
export const AGENT_PREFIX = 'managed-cluster-agent-';

/** AgentCluster is the cluster of an agent, as the management side knows it. */
export interface AgentCluster {
  readonly namespace: string;
  /** Name of the Cluster and of its plan. */
  readonly name: string;
  /** uid of its composite; absent for a cluster that no composite was made for. */
  readonly composite?: string | undefined;
}

/**
 * agentOwner returns what the identity of an agent is made for: the uid of the composite, or the cluster if it has
 * none. It is the stamp on every object of the identity.
 */
export function agentOwner({ composite, namespace, name }: AgentCluster): string {
  return composite ?? `${namespace}/${name}`;
}

/** 64 bits: two clusters of one management side never get the same name. */
const IDENTITY_DIGITS = 16;

/**
 * agentIdentity returns the name of everything that the identity of an agent consists of: ServiceAccount and Lease in
 * {@link AGENTS_NAMESPACE}, Roles and RoleBindings there and in the namespace of the cluster. It is made from a uid,
 * so that nobody can have an object of this name by accident, or choose a cluster that has the name of an object.
 */
export function agentIdentity(cluster: AgentCluster): string {
  return `${AGENT_PREFIX}${sha256(agentOwner(cluster)).slice(0, IDENTITY_DIGITS)}`;
}

/** IdentityRef identifies one object of the identity of an agent. */
export interface IdentityRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

const RBAC_VERSION = 'rbac.authorization.k8s.io/v1';

/**
 * identityRefs returns all objects of the identity of an agent on the management side, in the order in which they
 * matter to somebody who has its token: without RoleBindings it has no permissions, without ServiceAccount it is none.
 */
export function identityRefs(cluster: AgentCluster): readonly IdentityRef[] {
  const name = agentIdentity(cluster);
  const home = { namespace: AGENTS_NAMESPACE, name };
  const beside = { namespace: cluster.namespace, name };
  return [
    { apiVersion: RBAC_VERSION, kind: 'RoleBinding', ...home },
    { apiVersion: RBAC_VERSION, kind: 'RoleBinding', ...beside },
    { apiVersion: 'v1', kind: 'ServiceAccount', ...home },
    { apiVersion: RBAC_VERSION, kind: 'Role', ...home },
    { apiVersion: RBAC_VERSION, kind: 'Role', ...beside },
    { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', ...home },
  ];
}

/** HEARTBEAT_SECONDS is how often the agent renews its Lease on the management side. */
export const HEARTBEAT_SECONDS = 10;

/** HEARTBEATS_MISSED is the number of missed heartbeats after which the agent counts as not connected. */
export const HEARTBEATS_MISSED = 4;
