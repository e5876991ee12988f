import { agentIdentity, AGENTS_NAMESPACE } from '../../../lib/apis/agent.ts';
import { hasStatus } from '../../../lib/kube/errors.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import { CLUSTER, NAMESPACE, PLAN, SECRET_OF_PLAN } from './standalone.ts';

/** Attempt is something that the agent might try on the management side. */
export interface Attempt {
  readonly reason: string;
  readonly method: string;
  readonly path: string;
  readonly body?: unknown;
}

const core = `/api/v1/namespaces/${NAMESPACE}`;
const plans = `/apis/m.managedcluster.io/v1alpha1/namespaces/${NAMESPACE}/clusterplans`;
const capi = `/apis/cluster.x-k8s.io/v1beta2/namespaces/${NAMESPACE}`;
const rbac = `/apis/rbac.authorization.k8s.io/v1/namespaces/${NAMESPACE}`;
const agents = `/api/v1/namespaces/${AGENTS_NAMESPACE}`;
const leases = `/apis/coordination.k8s.io/v1/namespaces/${AGENTS_NAMESPACE}/leases`;
const own = agentIdentity({ namespace: NAMESPACE, name: CLUSTER });
const tokenRequest = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} };

/** ALLOWED is all that the agent may do. */
export const ALLOWED: readonly Attempt[] = [
  { reason: 'read its plan', method: 'GET', path: `${plans}/${PLAN.name}` },
  {
    reason: 'list its plan by name',
    method: 'GET',
    path: `${plans}?fieldSelector=metadata.name%3D${PLAN.name}`,
  },
  {
    reason: 'report its state',
    method: 'PATCH',
    path: `${plans}/${PLAN.name}/status`,
    body: { status: { agentVersion: '0.0.1' } },
  },
  { reason: 'read its Lease', method: 'GET', path: `${leases}/${own}` },
  {
    reason: 'renew its Lease',
    method: 'PATCH',
    path: `${leases}/${own}`,
    body: { spec: { holderIdentity: 'attack' } },
  },
  {
    reason: 'renew its token',
    method: 'POST',
    path: `${agents}/serviceaccounts/${own}/token`,
    body: tokenRequest,
  },
  {
    reason: 'read the Secret of its plan',
    method: 'GET',
    path: `${core}/secrets/${SECRET_OF_PLAN}`,
  },
];

/** REFUSED is what it may not. */
export const REFUSED: readonly Attempt[] = [
  { reason: 'list all plans', method: 'GET', path: plans },
  { reason: 'read another plan', method: 'GET', path: `${plans}/other` },
  {
    reason: 'change its plan',
    method: 'PATCH',
    path: `${plans}/${PLAN.name}`,
    body: { spec: { epoch: 99 } },
  },
  { reason: 'delete its plan', method: 'DELETE', path: `${plans}/${PLAN.name}` },
  {
    reason: 'report for another plan',
    method: 'PATCH',
    path: `${plans}/other/status`,
    body: { status: { agentVersion: 'x' } },
  },
  { reason: 'list Secrets', method: 'GET', path: `${core}/secrets` },
  { reason: 'read the kubeconfig', method: 'GET', path: `${core}/secrets/alone-api` },
  { reason: 'read the CA', method: 'GET', path: `${core}/secrets/${CLUSTER}-ca` },
  {
    reason: 'write the Secret of its plan',
    method: 'PATCH',
    path: `${core}/secrets/${SECRET_OF_PLAN}`,
    body: { data: {} },
  },
  { reason: 'read Clusters', method: 'GET', path: `${capi}/clusters` },
  { reason: 'read its Cluster', method: 'GET', path: `${capi}/clusters/${CLUSTER}` },
  {
    reason: 'change its Cluster',
    method: 'PATCH',
    path: `${capi}/clusters/${CLUSTER}`,
    body: { spec: { paused: true } },
  },
  { reason: 'read Machines', method: 'GET', path: `${capi}/machines` },
  {
    reason: 'read its installation',
    method: 'GET',
    path: `/apis/m.managedcluster.io/v1alpha1/namespaces/${NAMESPACE}/agentinstallations/${CLUSTER}`,
  },
  {
    reason: 'make a token of another account',
    method: 'POST',
    path: `${agents}/serviceaccounts/default/token`,
    body: tokenRequest,
  },
  {
    reason: 'make a token in another namespace',
    method: 'POST',
    path: '/api/v1/namespaces/kube-system/serviceaccounts/default/token',
    body: tokenRequest,
  },
  { reason: 'list Leases', method: 'GET', path: leases },
  { reason: 'list the agents', method: 'GET', path: `${agents}/serviceaccounts` },
  { reason: 'read its account', method: 'GET', path: `${agents}/serviceaccounts/${own}` },
  { reason: 'delete its Lease', method: 'DELETE', path: `${leases}/${own}` },
  {
    reason: 'make a Lease',
    method: 'POST',
    path: leases,
    body: { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: 'new' } },
  },
  { reason: 'read its Role', method: 'GET', path: `${rbac}/roles/${own}` },
  {
    reason: 'widen its Role',
    method: 'PATCH',
    path: `${rbac}/roles/${own}`,
    body: { rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] },
  },
  {
    reason: 'bind itself to cluster-admin',
    method: 'POST',
    path: `${rbac}/rolebindings`,
    body: {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'attack' },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: 'cluster-admin',
      },
      subjects: [{ kind: 'ServiceAccount', name: own, namespace: AGENTS_NAMESPACE }],
    },
  },
  { reason: 'read ConfigMaps', method: 'GET', path: `${core}/configmaps` },
  { reason: 'read Pods', method: 'GET', path: `${core}/pods` },
  { reason: 'read Namespaces', method: 'GET', path: '/api/v1/namespaces' },
  {
    reason: 'make an Event',
    method: 'POST',
    path: `${core}/events`,
    body: { apiVersion: 'v1', kind: 'Event', metadata: { name: 'e' }, involvedObject: {} },
  },
];

/** verdict is what the API server says to an attempt. */
export async function verdict(
  api: KubeApi,
  { method, path, body }: Attempt,
): Promise<'allowed' | 'forbidden'> {
  try {
    await api.raw(method, path, body);
    return 'allowed';
  } catch (error) {
    if (hasStatus(error, 403)) return 'forbidden';
    throw error;
  }
}
