import { CLAIM_GROUP, GROUP } from '../../lib/apis/kinds.ts';
import { CLAIMS, clusterRole, COMPOSITES, READ, rule, WRITE, type Rule } from './cluster-roles.ts';

const NAME = 'managed-cluster-provider';
const NAMESPACE = 'crossplane-system';
const RBAC_GROUP = 'rbac.authorization.k8s.io';

/**
 * All kinds in these groups can belong to a cluster and move with it; which kinds exist depends on the
 * installed providers.
 */
const CLUSTER_API_GROUPS = [
  'addons.cluster.x-k8s.io',
  'bootstrap.cluster.x-k8s.io',
  'cluster.x-k8s.io',
  'controlplane.cluster.x-k8s.io',
  'infrastructure.cluster.x-k8s.io',
  'ipam.cluster.x-k8s.io',
];

/** providerObjects are the ServiceAccount of the provider and its minimal RBAC on the management side. */
export function providerObjects(): readonly object[] {
  const role = clusterRole('provider', {}, [
    ...ownRules(),
    ...clusterRules(),
    ...agentRules(),
    ...providerCopyRules(),
    ...programRules(),
  ]);
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME, namespace: NAMESPACE } },
    role,
    {
      apiVersion: `${RBAC_GROUP}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: 'managed-cluster:provider' },
      subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }],
      roleRef: { apiGroup: RBAC_GROUP, kind: 'ClusterRole', name: 'managed-cluster:provider' },
    },
  ];
}

/** Our kinds: composites get a finalizer and a report; Teardown deletes the composed objects. */
function ownRules(): readonly Rule[] {
  const change = [...READ, 'update', 'patch'];
  return [
    rule(CLAIM_GROUP, [CLAIMS, `${CLAIMS}/status`], change),
    rule(GROUP, [COMPOSITES, `${COMPOSITES}/status`], change),
    rule(CLAIM_GROUP, ['xmanagedclusters', 'xmanagedclusters/status'], change),
    rule(GROUP, ['agentinstallations', 'clusterplans', 'pivots'], [...change, 'delete']),
    // The Pivot with which Teardown takes a cluster back.
    rule(GROUP, ['pivots'], ['create']),
    rule(
      GROUP,
      ['agentinstallations/status', 'clusterplans/status', 'pivots/status'],
      ['get', 'update', 'patch'],
    ),
    // Required by the admission plugin OwnerReferencesPermissionEnforcement.
    rule(
      GROUP,
      ['agentinstallations/finalizers', 'clusterplans/finalizers', 'pivots/finalizers'],
      ['update'],
    ),
  ];
}

/** The objects of a cluster that move out and back; the escrow, the anchor and reports. */
function clusterRules(): readonly Rule[] {
  const all = [...READ, ...WRITE];
  return [
    { apiGroups: CLUSTER_API_GROUPS, resources: ['*'], verbs: all },
    rule('', ['configmaps', 'secrets'], all),
    rule('', ['configmaps/finalizers'], ['update']),
  ];
}

/** The identity of each agent; RBAC prevents granting permissions that the provider does not have. */
function agentRules(): readonly Rule[] {
  const all = [...READ, ...WRITE];
  return [
    rule('', ['serviceaccounts'], all),
    rule('', ['serviceaccounts/token'], ['create']),
    rule(RBAC_GROUP, ['roles', 'rolebindings'], all),
    rule('coordination.k8s.io', ['leases'], all),
  ];
}

/** The objects of the Cluster API providers here, which are copied to the workload cluster. */
function providerCopyRules(): readonly Rule[] {
  return [
    rule('', ['namespaces', 'services'], READ),
    rule('apps', ['deployments'], READ),
    rule(RBAC_GROUP, ['clusterroles', 'clusterrolebindings'], READ),
    rule('apiextensions.k8s.io', ['customresourcedefinitions'], READ),
    rule(
      'admissionregistration.k8s.io',
      ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'],
      READ,
    ),
    rule('clusterctl.cluster.x-k8s.io', ['providers'], READ),
  ];
}

/** The provider itself: its admission policies, which it never deletes, and Events. */
function programRules(): readonly Rule[] {
  return [
    rule(
      'admissionregistration.k8s.io',
      ['validatingadmissionpolicies', 'validatingadmissionpolicybindings'],
      [...READ, 'create', 'update', 'patch'],
    ),
    rule('', ['events'], ['create', 'patch']),
  ];
}
