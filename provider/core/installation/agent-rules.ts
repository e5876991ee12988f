import { kubeconfigSecretOf } from '../../../capi/object-names.ts';
import { ACCESS_CONFIG_MAP } from '../../../lib/apis/access.ts';
import { AGENT_NAME, BOOTSTRAP_SECRET, LAYERS_NAME } from '../../../lib/apis/agent.ts';
import { GROUP } from '../../../lib/apis/kinds.ts';
import type { Fields } from './json.ts';

/** API groups of Cluster API and its providers; RBAC does not support `*.cluster.x-k8s.io`. */
const CLUSTER_API_GROUPS = [
  'cluster.x-k8s.io',
  'addons.cluster.x-k8s.io',
  'bootstrap.cluster.x-k8s.io',
  'controlplane.cluster.x-k8s.io',
  'infrastructure.cluster.x-k8s.io',
  'ipam.cluster.x-k8s.io',
];

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'update', 'patch', 'delete'];

/**
 * agentRules returns the RBAC rules of the agent for all namespaces of its cluster. It reads the kubeconfig of Cluster
 * API to admit its certificate.
 */
export function agentRules(cluster: string): readonly Fields[] {
  return [
    { apiGroups: CLUSTER_API_GROUPS, resources: ['*'], verbs: [...READ, ...WRITE] },
    { apiGroups: [''], resources: ['nodes'], verbs: READ },
    {
      apiGroups: [''],
      resources: ['secrets'],
      resourceNames: [kubeconfigSecretOf(cluster).name],
      verbs: ['get'],
    },
    { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
    { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
  ];
}

/**
 * agentNamespaceRules returns the RBAC rules of the agent for its own namespace: the cached plan, the
 * credentials for the management side, its Lease, and impersonation of the identity that applies layers.
 * `create` on a Lease cannot be restricted by name because the Lease does not exist yet.
 */
export function agentNamespaceRules(): readonly Fields[] {
  return [
    {
      apiGroups: [GROUP],
      resources: ['clusterplans'],
      verbs: [...READ, 'create', 'update', 'patch'],
    },
    { apiGroups: [GROUP], resources: ['clusterplans/status'], verbs: ['get', 'update', 'patch'] },
    {
      apiGroups: [''],
      resources: ['secrets'],
      resourceNames: [BOOTSTRAP_SECRET],
      verbs: [...READ, 'update', 'patch'],
    },
    {
      apiGroups: [''],
      resources: ['configmaps'],
      resourceNames: [ACCESS_CONFIG_MAP],
      verbs: ['get', 'patch'],
    },
    {
      apiGroups: ['coordination.k8s.io'],
      resources: ['leases'],
      resourceNames: [AGENT_NAME],
      verbs: ['get', 'watch', 'update', 'patch'],
    },
    { apiGroups: ['coordination.k8s.io'], resources: ['leases'], verbs: ['create'] },
    {
      apiGroups: [''],
      resources: ['serviceaccounts'],
      resourceNames: [LAYERS_NAME],
      verbs: ['impersonate'],
    },
  ];
}
