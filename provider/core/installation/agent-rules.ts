import { AGENT_NAME, BOOTSTRAP_SECRET, LAYERS_NAME } from '../../../lib/apis/agent.ts';
import { GROUP } from '../../../lib/apis/kinds.ts';
import type { Fields } from './json.ts';

/** Groups of Cluster API and its providers; RBAC knows no `*.cluster.x-k8s.io`. */
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

/** agentRules is what the agent itself may do in all namespaces of the cluster that it looks after. */
export function agentRules(): readonly Fields[] {
  return [
    { apiGroups: CLUSTER_API_GROUPS, resources: ['*'], verbs: [...READ, ...WRITE] },
    { apiGroups: [''], resources: ['nodes'], verbs: READ },
    { apiGroups: [''], resources: ['events'], verbs: ['create', 'patch'] },
    { apiGroups: ['events.k8s.io'], resources: ['events'], verbs: ['create', 'patch'] },
  ];
}

/**
 * agentNamespaceRules is what it may do in its own namespace: its cache of the plan, its way to the
 * management side, its Lease, and to speak as the one that applies layers. A Lease that is not there
 * yet has no name to limit `create` by.
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
