import { agentIdentity } from '../../../lib/apis/agent.ts';
import type { ClusterPlan } from '../../../lib/apis/cluster-plan.generated.ts';
import { GROUP } from '../../../lib/apis/kinds.ts';
import { CLUSTER_LABEL } from '../../../lib/apis/ownership.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { compareText } from '../../../lib/core/order.ts';
import type { Fields } from './json.ts';

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

/**
 * managementIdentity returns the identity of the agent on the management side with its permissions: read
 * its own plan, report its status, renew its own token and Lease, and read the Secrets that its plan names.
 * Every rule is limited by resourceNames.
 */
export function managementIdentity(
  { namespace, name }: { readonly namespace: string; readonly name: string },
  secrets: readonly string[],
): readonly KubeObject[] {
  const identity = agentIdentity(name);
  const metadata = { name: identity, namespace, labels: { [CLUSTER_LABEL]: name } };
  const rbac = 'rbac.authorization.k8s.io';
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'Role',
      metadata,
      rules: managementRules(name, secrets),
    },
    {
      apiVersion: `${rbac}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: rbac, kind: 'Role', name: identity },
      subjects: [{ kind: 'ServiceAccount', name: identity, namespace }],
    },
    { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata },
  ];
}

/** An empty list of resourceNames would allow access to all objects, so the rule is omitted instead. */
function managementRules(cluster: string, secrets: readonly string[]): readonly Fields[] {
  const identity = agentIdentity(cluster);
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
    ...(secrets.length === 0 ? [] : [readSecrets]),
  ];
}
