import { AGENTS_NAMESPACE } from '../../../lib/apis/agent.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import type { Attempt } from '../installation/attack.ts';

/** NAMESPACE is the namespace of a claim. */
export const NAMESPACE = 'e2e-permissions';

/** IDENTITY is the name that the identity of an agent could have. */
export const IDENTITY = 'managed-cluster-agent-0123456789abcdef';

/** BOUND is the name of an identity whose Role exists: a RoleBinding needs one. */
export const BOUND = 'managed-cluster-agent-fedcba9876543210';

const RBAC = 'rbac.authorization.k8s.io';
const POLICIES = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
const tokenRequest = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };
const DRY = '?dryRun=All';

function tokenOf(namespace: string, name: string): Attempt {
  return {
    reason: `a token of ${namespace}/${name}`,
    method: 'POST',
    path: `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`,
    body: tokenRequest,
  };
}

function creation(reason: string, path: string, body: object): Attempt {
  return { reason, method: 'POST', path: `${path}${DRY}`, body };
}

function secret(reason: string, namespace: string, fields: object): Attempt {
  const path = `/api/v1/namespaces/${namespace}/secrets`;
  return creation(reason, path, { apiVersion: 'v1', kind: 'Secret', ...fields });
}

function role(reason: string, name: string, rules: readonly object[]): Attempt {
  const path = `/apis/${RBAC}/v1/namespaces/${NAMESPACE}/roles`;
  const metadata = { name, namespace: NAMESPACE };
  return creation(reason, path, { apiVersion: `${RBAC}/v1`, kind: 'Role', metadata, rules });
}

function binding(reason: string, roleRef: object, subject: object): Attempt {
  const metadata = { name: BOUND, namespace: NAMESPACE };
  const body = {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata,
    roleRef: { apiGroup: RBAC, ...roleRef },
    subjects: [subject],
  };
  return creation(reason, `/apis/${RBAC}/v1/namespaces/${NAMESPACE}/rolebindings`, body);
}

const SECRET = { apiGroups: [''], resources: ['secrets'], resourceNames: ['a'], verbs: ['get'] };
const AGENT = { kind: 'ServiceAccount', name: BOUND, namespace: AGENTS_NAMESPACE };
const OWN_ROLE = { kind: 'Role', name: BOUND };

/** BOUND_ROLE is the Role of {@link BOUND}. */
export const BOUND_ROLE: KubeObject = {
  apiVersion: `${RBAC}/v1`,
  kind: 'Role',
  metadata: { name: BOUND, namespace: NAMESPACE },
  rules: [SECRET],
};

/** BY_PROVIDER_ALLOWED is what the provider does for each agent, so that the refusals are not for another reason. */
export const BY_PROVIDER_ALLOWED: readonly Attempt[] = [
  creation('the account of an agent', `/api/v1/namespaces/${AGENTS_NAMESPACE}/serviceaccounts`, {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: IDENTITY, namespace: AGENTS_NAMESPACE },
  }),
  role('the Role of an agent', IDENTITY, [SECRET]),
  binding('the RoleBinding of an agent', OWN_ROLE, AGENT),
  secret('a Secret in a claim’s namespace', NAMESPACE, {
    metadata: { name: 'kept', namespace: NAMESPACE },
    stringData: { a: 'b' },
  }),
  secret('a Secret of its own', 'crossplane-system', {
    metadata: { name: 'managed-cluster-provider-any', namespace: 'crossplane-system' },
    stringData: { a: 'b' },
  }),
  { reason: 'its policies', method: 'GET', path: POLICIES },
  {
    reason: 'the fence policy again',
    method: 'PATCH',
    path: `${POLICIES}/guard.managedcluster.io${DRY}`,
    body: { metadata: { labels: { 'managedcluster.io/side': 'management' } } },
  },
  {
    reason: 'Secrets of a claim’s namespace',
    method: 'GET',
    path: `/api/v1/namespaces/${NAMESPACE}/secrets`,
  },
];

/** BY_PROVIDER_REFUSED is what would make the provider more than it is. */
export const BY_PROVIDER_REFUSED: readonly Attempt[] = [
  tokenOf('kube-system', 'clusterrole-aggregation-controller'),
  tokenOf('crossplane-system', 'crossplane'),
  tokenOf('crossplane-system', 'managed-cluster-provider'),
  tokenOf(NAMESPACE, 'default'),
  creation('an account elsewhere', '/api/v1/namespaces/kube-system/serviceaccounts', {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: 'attack', namespace: 'kube-system' },
  }),
  creation('a Lease elsewhere', '/apis/coordination.k8s.io/v1/namespaces/kube-system/leases', {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'attack', namespace: 'kube-system' },
  }),
  secret('a token Secret of another account', NAMESPACE, {
    metadata: {
      name: 'attack',
      namespace: NAMESPACE,
      annotations: { 'kubernetes.io/service-account.name': 'default' },
    },
    type: 'kubernetes.io/service-account-token',
  }),
  secret('a Secret of the system', 'kube-system', {
    metadata: { name: 'attack', namespace: 'kube-system' },
    stringData: { a: 'b' },
  }),
  secret('a Secret of Crossplane', 'crossplane-system', {
    metadata: { name: 'attack', namespace: 'crossplane-system' },
    stringData: { a: 'b' },
  }),
  creation('a ConfigMap of the system', '/api/v1/namespaces/kube-system/configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'aws-auth', namespace: 'kube-system' },
  }),
  {
    reason: 'the CA of the system, changed',
    method: 'PATCH',
    path: `/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication${DRY}`,
    body: { data: { 'requestheader-client-ca-file': 'attack' } },
  },
  creation('a Pod', `/api/v1/namespaces/${NAMESPACE}/pods`, {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'attack', namespace: NAMESPACE },
    spec: { containers: [{ name: 'a', image: 'a' }] },
  }),
  creation('a Namespace', '/api/v1/namespaces', {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name: 'attack' },
  }),
  creation('a ClusterRoleBinding', `/apis/${RBAC}/v1/clusterrolebindings`, {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: 'attack' },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [AGENT],
  }),
  {
    reason: 'its own ClusterRole, widened',
    method: 'PATCH',
    path: `/apis/${RBAC}/v1/clusterroles/managed-cluster:provider${DRY}`,
    body: { rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] },
  },
  role('a Role of another name', 'attack', [SECRET]),
  role('the Role of an agent with all Secrets', IDENTITY, [
    { apiGroups: [''], resources: ['secrets'], verbs: ['get'] },
  ]),
  role('the Role of an agent that writes Secrets', IDENTITY, [{ ...SECRET, verbs: ['update'] }]),
  role('the Role of an agent with ConfigMaps', IDENTITY, [
    { ...SECRET, resources: ['configmaps'] },
  ]),
  binding('cluster-admin for an agent', { kind: 'ClusterRole', name: 'cluster-admin' }, AGENT),
  binding('the Role of an agent for a user', OWN_ROLE, { kind: 'User', name: 'attacker' }),
  binding('the Role of an agent for another account', OWN_ROLE, {
    ...AGENT,
    namespace: NAMESPACE,
  }),
  creation('a policy of another name', POLICIES, {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicy',
    metadata: { name: 'attack.example.org' },
    spec: {
      matchConstraints: {
        resourceRules: [
          { apiGroups: [''], apiVersions: ['*'], resources: ['pods'], operations: ['CREATE'] },
        ],
      },
      validations: [{ expression: 'false' }],
    },
  }),
  {
    reason: 'the policy that limits it',
    method: 'PATCH',
    path: `${POLICIES}/provider-rights.managedcluster.io${DRY}`,
    body: { spec: { validations: [{ expression: 'true' }] } },
  },
  {
    reason: 'its policies, deleted',
    method: 'DELETE',
    path: `${POLICIES}/guard.managedcluster.io${DRY}`,
  },
  { reason: 'the Nodes', method: 'GET', path: '/api/v1/nodes' },
];

/** byAgentRefused is what an agent must not get by renewing its token; the rest is in installation/attack.ts. */
export function byAgentRefused(own: string, another: string): readonly Attempt[] {
  const mine = tokenOf(AGENTS_NAMESPACE, own);
  function asking(reason: string, spec: object): Attempt {
    return { ...mine, reason, body: { ...tokenRequest, spec } };
  }
  return [
    asking('a token for 100 years', { expirationSeconds: 100 * 365 * 86_400 }),
    asking('a token for longer than its days', { expirationSeconds: 86_400 + 1 }),
    asking('a token for a cloud', { audiences: ['sts.amazonaws.com'] }),
    asking('a token for a vault beside the API server', {
      audiences: ['vault', 'https://kubernetes.default.svc.cluster.local'],
    }),
    tokenOf(AGENTS_NAMESPACE, another),
    tokenOf(AGENTS_NAMESPACE, 'default'),
    tokenOf(NAMESPACE, 'default'),
    {
      reason: 'its own bounds',
      method: 'PATCH',
      path: `/api/v1/namespaces/${AGENTS_NAMESPACE}/serviceaccounts/${own}${DRY}`,
      body: { metadata: { annotations: { 'managedcluster.io/token-seconds': '9999999999' } } },
    },
    {
      reason: 'the Secrets of its namespace',
      method: 'GET',
      path: `/api/v1/namespaces/${NAMESPACE}/secrets`,
    },
  ];
}
