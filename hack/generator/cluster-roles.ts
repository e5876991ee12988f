import { clouds } from '../../capi/clouds/index.ts';
import type { Cloud, Kind } from '../../capi/cloud.ts';
import {
  CLAIM_GROUP,
  GROUP,
  NAMESPACED_MANAGED_CLUSTER,
  MANAGED_CLUSTER_CLAIM,
} from '../../lib/apis/kinds.ts';
import { groupOf } from '../../lib/core/object.ts';
import { plural } from './custom-resources.ts';

/** CLAIMS is the resource of claims, COMPOSITES the resource of namespaced composites. */
export const CLAIMS = plural(MANAGED_CLUSTER_CLAIM.kind);
export const COMPOSITES = plural(NAMESPACED_MANAGED_CLUSTER.kind);

/** READ are the read-only verbs. */
export const READ: readonly string[] = ['get', 'list', 'watch'];
/** WRITE are the verbs that change and delete. */
export const WRITE: readonly string[] = ['create', 'update', 'patch', 'delete'];

/** Rule is a `PolicyRule`. */
export interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

/** rule is a rule for one API group. */
export function rule(group: string, resources: readonly string[], verbs: readonly string[]): Rule {
  return { apiGroups: [group], resources, verbs };
}

/** clusterRole is a ClusterRole with our name prefix. */
export function clusterRole(
  name: string,
  labels: Readonly<Record<string, string>>,
  rules: readonly Rule[],
): object {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: `managed-cluster:${name}`, labels },
    rules,
  };
}

/** Only the kinds that the function composes for a cloud, by group. */
function infrastructure(): readonly Rule[] {
  const resources = new Map<string, string[]>();
  const all: readonly Cloud[] = Object.values(clouds);
  const kinds: readonly Kind[] = all.flatMap((cloud) => [
    cloud.infrastructureCluster,
    cloud.machineTemplate,
  ]);
  for (const { apiVersion, kind } of kinds) {
    const [group = ''] = apiVersion.split('/');
    resources.set(group, [...(resources.get(group) ?? []), plural(kind)]);
  }
  return [...resources].map(([group, names]) =>
    rule(group, [...new Set(names)].toSorted(), [...READ, ...WRITE]),
  );
}

/** The identities that say which servers their credentials can be sent to. */
function identities(): readonly Rule[] {
  const all: readonly Cloud[] = Object.values(clouds);
  return all
    .flatMap((cloud) => cloud.identities ?? [])
    .map(({ apiVersion, kind }) => rule(groupOf(apiVersion), [plural(kind)], READ));
}

/**
 * crossplaneRole has the permissions that Crossplane core needs in addition: to compose our kinds (update
 * and delete are for its garbage collection), and to read the required resources of the function.
 */
export function crossplaneRole(): object {
  const all = [...READ, ...WRITE];
  return clusterRole(
    'aggregate-to-crossplane',
    { 'rbac.crossplane.io/aggregate-to-crossplane': 'true' },
    [
      rule('cluster.x-k8s.io', ['clusters'], all),
      rule('controlplane.cluster.x-k8s.io', ['kubeadmcontrolplanes'], all),
      ...infrastructure(),
      rule(GROUP, ['agentinstallations', 'clusterplans', 'pivots'], all),
      rule(GROUP, ['clusterprofiles'], READ),
      rule('cluster.x-k8s.io', ['machines'], READ),
      ...identities(),
    ],
  );
}

function aggregatedTo(role: 'view' | 'edit'): Readonly<Record<string, string>> {
  return { [`rbac.authorization.k8s.io/aggregate-to-${role}`]: 'true' };
}

/**
 * userRoles extend the built-in roles view and edit, and through edit also admin. Composed objects can be
 * read, not written. A user with write access to ClusterProfiles decides what runs in every cluster, so
 * this role is not aggregated.
 */
export function userRoles(): readonly object[] {
  const own = ['agentinstallations', 'clusterplans', 'clusterprofiles', COMPOSITES, 'pivots'];
  const write = [rule(CLAIM_GROUP, [CLAIMS], WRITE), rule(GROUP, [COMPOSITES], WRITE)];
  return [
    clusterRole('view', aggregatedTo('view'), [
      rule(CLAIM_GROUP, [CLAIMS, 'xmanagedclusters'], READ),
      rule(GROUP, own, READ),
    ]),
    clusterRole('edit', aggregatedTo('edit'), write),
    clusterRole('profile-author', {}, [rule(GROUP, ['clusterprofiles'], [...READ, ...WRITE])]),
  ];
}
