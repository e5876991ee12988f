import {
  AGENTS_NAMESPACE,
  agentIdentity,
  agentOwner,
  TOKEN_SECONDS_ANNOTATION,
  type AgentCluster,
} from '../../../lib/apis/agent.ts';
import type { ClusterPlan } from '../../../lib/apis/cluster-plan.generated.ts';
import { GROUP } from '../../../lib/apis/kinds.ts';
import {
  CLUSTER_LABEL,
  CLUSTER_NAMESPACE_LABEL,
  COMPOSITE_UID_ANNOTATION,
} from '../../../lib/apis/ownership.ts';
import type { KubeObject, ObjectMeta } from '../../../lib/core/object.ts';
import { compareText } from '../../../lib/core/order.ts';

const RBAC = 'rbac.authorization.k8s.io';

/**
 * secretsOf returns the names of the Secrets that the layers of a plan read their sensitive variables from.
 */
export function secretsOf(plan: ClusterPlan | undefined): readonly string[] {
  const layers = plan?.spec.layers ?? [];
  const names = layers.flatMap(({ secretVariables = [] }) =>
    secretVariables.map(({ secretKeyRef }) => secretKeyRef.name),
  );
  return [...new Set(names)].toSorted(compareText);
}

/** TOKEN_DAYS is the life of the token of an agent if the claim does not say otherwise, in days. */
const TOKEN_DAYS = 30;

/** tokenSeconds returns the life of the token of an agent, in seconds. */
export function tokenSeconds(tokenDays: number = TOKEN_DAYS): number {
  return tokenDays * 24 * 3600;
}

/**
 * managementIdentity returns the identity of the agent on the management side with its permissions. In the namespace
 * of the cluster: read its own plan, report its status, and read the Secrets that its plan names. In the namespace of
 * all agents, where its ServiceAccount is: renew its own token and Lease. Every rule is limited by resourceNames.
 */
export function managementIdentity(
  cluster: AgentCluster,
  secrets: readonly string[],
  tokenDays: number = TOKEN_DAYS,
): readonly KubeObject[] {
  const home = metadataOf(cluster, AGENTS_NAMESPACE);
  const annotations = {
    ...home.annotations,
    [TOKEN_SECONDS_ANNOTATION]: String(tokenSeconds(tokenDays)),
  };
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { ...home, annotations },
      automountServiceAccountToken: false,
    },
    ...boundRole(home, ownRules(agentIdentity(cluster))),
    ...boundRole(metadataOf(cluster, cluster.namespace), planRules(cluster.name, secrets)),
    { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: home },
  ];
}

function metadataOf(cluster: AgentCluster, namespace: string): ObjectMeta & { name: string } {
  return {
    name: agentIdentity(cluster),
    namespace,
    labels: { [CLUSTER_LABEL]: cluster.name, [CLUSTER_NAMESPACE_LABEL]: cluster.namespace },
    annotations: { [COMPOSITE_UID_ANNOTATION]: agentOwner(cluster) },
  };
}

function boundRole(
  metadata: ObjectMeta & { name: string },
  rules: readonly AgentRule[],
): readonly KubeObject[] {
  const { name } = metadata;
  return [
    { apiVersion: `${RBAC}/v1`, kind: 'Role', metadata, rules },
    {
      apiVersion: `${RBAC}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: RBAC, kind: 'Role', name },
      subjects: [{ kind: 'ServiceAccount', name, namespace: AGENTS_NAMESPACE }],
    },
  ];
}

/** AgentRule is a `PolicyRule` for named objects. */
export interface AgentRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames: readonly string[];
  readonly verbs: readonly string[];
}

/** ownRules returns the permissions of an agent in the namespace of all agents. */
export function ownRules(identity: string): readonly AgentRule[] {
  return [
    {
      apiGroups: ['coordination.k8s.io'],
      resources: ['leases'],
      resourceNames: [identity],
      verbs: ['get', 'update', 'patch'],
    },
    {
      apiGroups: [''],
      resources: ['serviceaccounts/token'],
      resourceNames: [identity],
      verbs: ['create'],
    },
  ];
}

/**
 * planRules returns the permissions of an agent in the namespace of its cluster. An empty list of resourceNames would
 * allow access to all objects, so the rule is omitted instead.
 */
export function planRules(cluster: string, secrets: readonly string[]): readonly AgentRule[] {
  const readSecrets = {
    apiGroups: [''],
    resources: ['secrets'],
    resourceNames: secrets,
    verbs: ['get'],
  };
  return [
    {
      apiGroups: [GROUP],
      resources: ['clusterplans'],
      resourceNames: [cluster],
      verbs: ['get', 'list', 'watch'],
    },
    {
      apiGroups: [GROUP],
      resources: ['clusterplans/status'],
      resourceNames: [cluster],
      verbs: ['get', 'patch', 'update'],
    },
    ...(secrets.length === 0 ? [] : [readSecrets]),
  ];
}
