import { clusterKinds } from '../../capi/cluster-kinds.ts';
import { AGENTS_NAMESPACE } from '../../lib/apis/agent.ts';
import { FENCE_RESOURCE, FENCE_VERB } from '../../lib/apis/fence-verb.ts';
import { CLAIM_GROUP, GROUP } from '../../lib/apis/kinds.ts';
import {
  CLAIMS,
  clusterRole,
  COMPOSITES,
  type Grant,
  named,
  READ,
  resourcesOf,
  rule,
  rulesOf,
  WRITE,
} from './cluster-roles.ts';
import { providerCopyGrants } from './provider-copy-grants.ts';
import { MANAGEMENT_POLICIES, policyFor } from './policy-templates.ts';

const NAME = 'managed-cluster-provider';
const NAMESPACE = 'crossplane-system';
const RBAC_GROUP = 'rbac.authorization.k8s.io';

/** The kinds that exist in them depend on the installed providers. */
const CLUSTER_API_GROUPS = [
  'addons.cluster.x-k8s.io',
  'bootstrap.cluster.x-k8s.io',
  'cluster.x-k8s.io',
  'controlplane.cluster.x-k8s.io',
  'infrastructure.cluster.x-k8s.io',
  'ipam.cluster.x-k8s.io',
];

/** providerGrants are the permissions of the provider on the management side: everywhere, and in one namespace. */
export function providerGrants(): {
  readonly everywhere: readonly Grant[];
  readonly inNamespace: Readonly<Record<string, readonly Grant[]>>;
} {
  return {
    everywhere: [
      ...ownGrants(),
      ...clusterGrants(),
      ...agentGrants(),
      ...providerCopyGrants(),
      ...programGrants(),
    ],
    inNamespace: { [AGENTS_NAMESPACE]: identityGrants(), [NAMESPACE]: leaderGrants() },
  };
}

/**
 * providerObjects are the ServiceAccount of the provider, its RBAC on the management side, and the namespace of all
 * agents.
 */
export function providerObjects(): readonly object[] {
  const { everywhere, inNamespace } = providerGrants();
  const role = 'managed-cluster:provider';
  return [
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: AGENTS_NAMESPACE } },
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: NAME, namespace: NAMESPACE } },
    clusterRole('provider', {}, everywhere),
    binding('ClusterRole', { name: role }),
    ...Object.entries(inNamespace).flatMap(([namespace, grants]) => [
      {
        apiVersion: `${RBAC_GROUP}/v1`,
        kind: 'Role',
        metadata: { name: role, namespace },
        rules: rulesOf(grants),
      },
      binding('Role', { name: role, namespace }),
    ]),
  ];
}

function binding(
  kind: 'ClusterRole' | 'Role',
  metadata: { readonly name: string; readonly namespace?: string },
): object {
  return {
    apiVersion: `${RBAC_GROUP}/v1`,
    kind: `${kind}Binding`,
    metadata,
    subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: NAMESPACE }],
    roleRef: { apiGroup: RBAC_GROUP, kind, name: metadata.name },
  };
}

/** Our kinds. */
function ownGrants(): readonly Grant[] {
  const change = [...READ, 'update', 'patch'];
  const status = ['get', 'update', 'patch'];
  const guards = 'sets and removes its finalizer, and reports the progress of a deletion';
  const reports = 'reports what it observes';
  return [
    rule(CLAIM_GROUP, [CLAIMS, `${CLAIMS}/status`], change, guards),
    rule(GROUP, [COMPOSITES, `${COMPOSITES}/status`], change, guards),
    rule(CLAIM_GROUP, ['xmanagedclusters', 'xmanagedclusters/status'], change, guards),
    rule(
      GROUP,
      ['agentinstallations', 'clusterplans', 'pivots'],
      [...change, 'delete'],
      'reconciles them; a teardown deletes what was composed',
    ),
    rule(
      GROUP,
      ['pivots'],
      ['create'],
      'creates the Pivot with which a teardown takes a cluster back',
    ),
    rule(
      GROUP,
      ['managementsides', 'managementsides/status'],
      ['get', 'create', 'update'],
      'notes when all clusters were asked whether they manage themselves',
    ),
    rule(
      GROUP,
      ['agentinstallations/status', 'clusterplans/status', 'pivots/status'],
      status,
      reports,
    ),
    rule(
      GROUP,
      ['agentinstallations/finalizers', 'clusterplans/finalizers', 'pivots/finalizers'],
      ['update'],
      'is required by the admission plugin OwnerReferencesPermissionEnforcement',
    ),
    rule(
      GROUP,
      [FENCE_RESOURCE],
      [FENCE_VERB],
      'changes who owns a cluster: owner, epoch and pivot of a Cluster, the hold, its own stamps',
    ),
  ];
}

/** The objects of a cluster that move out and back; the escrow, the anchor and reports. */
function clusterGrants(): readonly Grant[] {
  const all = [...READ, ...WRITE];
  const moves = 'moves the objects of a cluster out and back; no other kind is moved';
  const kinds = [...resourcesOf(clusterKinds())].map(([group, names]) =>
    rule(
      group,
      names.flatMap((name) => [name, `${name}/status`, `${name}/finalizers`]),
      WRITE,
      moves,
    ),
  );
  return [
    {
      apiGroups: CLUSTER_API_GROUPS,
      resources: ['*'],
      verbs: READ,
      why: 'searches all kinds for objects of a cluster, so that none is left behind',
    },
    ...kinds,
    rule(
      '',
      ['secrets'],
      all,
      'reads kubeconfigs and credentials in the namespaces of claims; moves the Secrets of a cluster, keeps its escrow; policy provider-rights refuses writes in namespaces of the system',
    ),
    rule(
      '',
      ['configmaps'],
      all,
      'keeps the anchor of a pivot and the report of a teardown in the namespace of the claim; moves ConfigMaps',
    ),
    rule('', ['configmaps/finalizers'], ['update'], 'makes the anchor the owner of objects'),
  ];
}

/** What an agent may do in the namespace of its cluster. RBAC prevents granting more than the provider has. */
function agentGrants(): readonly Grant[] {
  return [
    rule(
      RBAC_GROUP,
      ['roles', 'rolebindings'],
      WRITE,
      'lets an agent read its plan, in the namespace of the claim; policy provider-rights refuses all others',
    ),
  ];
}

/** The identities of all agents, in the only namespace in which the provider may issue tokens. */
function identityGrants(): readonly Grant[] {
  const all = [...READ, ...WRITE];
  return [
    rule('', ['serviceaccounts'], all, 'creates the identity of an agent'),
    rule('', ['serviceaccounts/token'], ['create'], 'issues the token of an agent'),
    rule(
      'coordination.k8s.io',
      ['leases'],
      all,
      'creates the Lease of an agent, and watches whether it is renewed',
    ),
  ];
}

function leaderGrants(): readonly Grant[] {
  const elects = 'elects one leader among its replicas';
  return [
    named(rule('coordination.k8s.io', ['leases'], ['get', 'update'], elects), [NAME]),
    rule('coordination.k8s.io', ['leases'], ['create'], `${elects}; create has no resourceNames`),
  ];
}

/** The provider itself: its admission policies, which it never deletes, Events, and who reads its metrics. */
function programGrants(): readonly Grant[] {
  const group = 'admissionregistration.k8s.io';
  const policies = ['validatingadmissionpolicies', 'validatingadmissionpolicybindings'];
  const keeps = rule(
    group,
    policies,
    ['create', 'update', 'patch'],
    'keeps its own policies as they are shipped; it creates them by server-side apply, so create is limited by name too',
  );
  return [
    rule(group, policies, READ, 'checks that its policies exist'),
    named(
      keeps,
      MANAGEMENT_POLICIES.map((name) => policyFor(name, 'management').name),
    ),
    rule('', ['events'], ['create', 'patch'], 'emits Events on claims and its own objects'),
    rule('authentication.k8s.io', ['tokenreviews'], ['create'], 'asks who reads its metrics'),
    rule(
      'authorization.k8s.io',
      ['subjectaccessreviews'],
      ['create'],
      'asks whether that user may read them',
    ),
  ];
}
