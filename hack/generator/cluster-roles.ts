import { clouds } from '../../capi/clouds/index.ts';
import type { Cloud, Kind } from '../../capi/cloud.ts';
import { ADOPT_VERB, FENCE_RESOURCE } from '../../lib/apis/fence-verb.ts';
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
  readonly resourceNames?: readonly string[];
  /** Paths of a server that are no resources; such a rule has no groups and no resources. */
  readonly nonResourceURLs?: readonly string[];
  readonly verbs: readonly string[];
}

/** Grant is a rule with its reason, a sentence for docs/permissions.md: what needs it. */
export interface Grant extends Rule {
  readonly why: string;
}

/** rule is a rule for one API group. */
export function rule(
  group: string,
  resources: readonly string[],
  verbs: readonly string[],
  why: string,
): Grant {
  return { apiGroups: [group], resources, verbs, why };
}

/** ofPaths is a rule for paths that are no resources. */
function ofPaths(nonResourceURLs: readonly string[], why: string): Grant {
  return { apiGroups: [], resources: [], nonResourceURLs, verbs: ['get'], why };
}

/** named limits a grant to objects of these names. */
export function named(grant: Grant, resourceNames: readonly string[]): Grant {
  return { ...grant, resourceNames };
}

/** rulesOf returns the rules of grants, as they are in a role. */
export function rulesOf(grants: readonly Grant[]): readonly object[] {
  return grants.map(({ why: _documented, apiGroups, resources, verbs, ...rest }) =>
    rest.nonResourceURLs === undefined
      ? { apiGroups, resources, ...rest, verbs }
      : { ...rest, verbs },
  );
}

/** clusterRole is a ClusterRole with our name prefix. */
export function clusterRole(
  name: string,
  labels: Readonly<Record<string, string>>,
  grants: readonly Grant[],
): object {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name: `managed-cluster:${name}`, labels },
    rules: rulesOf(grants),
  };
}

/** Only the kinds that the function composes for a cloud, by group. */
function infrastructure(): readonly Grant[] {
  const all: readonly Cloud[] = Object.values(clouds);
  const kinds = all.flatMap((cloud) => [cloud.infrastructureCluster, cloud.machineTemplate]);
  return [...resourcesOf(kinds)].map(([group, names]) =>
    rule(group, names, [...READ, ...WRITE], COMPOSES),
  );
}

/** The identities that say which servers their credentials can be sent to. */
function identities(): readonly Grant[] {
  const all: readonly Cloud[] = Object.values(clouds);
  const why =
    'reads it as a required resource of the function: it says which servers may get its credentials';
  return all
    .flatMap((cloud) => cloud.identities ?? [])
    .map(({ apiVersion, kind }) => rule(groupOf(apiVersion), [plural(kind)], READ, why));
}

/** resourcesOf returns the resources of kinds, by group. */
export function resourcesOf(kinds: readonly Kind[]): ReadonlyMap<string, readonly string[]> {
  const resources = new Map<string, string[]>();
  for (const { apiVersion, kind } of kinds) {
    const group = groupOf(apiVersion);
    resources.set(group, [...(resources.get(group) ?? []), plural(kind)]);
  }
  return new Map([...resources].map(([group, names]) => [group, [...new Set(names)].toSorted()]));
}

const COMPOSES =
  'composes it for each ManagedCluster; update and delete are for its garbage collection';

/** crossplaneGrants are the permissions that Crossplane core needs in addition to its own. */
export function crossplaneGrants(): readonly Grant[] {
  const all = [...READ, ...WRITE];
  const required = 'reads it as a required resource of the function';
  return [
    rule('cluster.x-k8s.io', ['clusters'], all, COMPOSES),
    rule('controlplane.cluster.x-k8s.io', ['kubeadmcontrolplanes'], all, COMPOSES),
    ...infrastructure(),
    rule(GROUP, ['agentinstallations', 'clusterplans', 'pivots'], all, COMPOSES),
    rule(
      GROUP,
      [FENCE_RESOURCE],
      [ADOPT_VERB],
      'passes on spec.adoptFrom of a claim, which was admitted with the claim (policy adopt)',
    ),
    rule(GROUP, ['clusterprofiles'], READ, required),
    rule('cluster.x-k8s.io', ['machines'], READ, required),
    ...identities(),
  ];
}

/** crossplaneRole is the ClusterRole of {@link crossplaneGrants}. */
export function crossplaneRole(): object {
  return clusterRole(
    'aggregate-to-crossplane',
    { 'rbac.crossplane.io/aggregate-to-crossplane': 'true' },
    crossplaneGrants(),
  );
}

/** userGrants are the permissions of users, by the name of their ClusterRole. */
export function userGrants(): Readonly<
  Record<'view' | 'edit' | 'profile-author' | 'metrics-reader', readonly Grant[]>
> {
  const own = [
    'agentinstallations',
    'clusterplans',
    'clusterprofiles',
    COMPOSITES,
    'managementsides',
    'pivots',
  ];
  const seen = 'shows the state of a cluster; composed objects can be read, not written';
  const wanted =
    'creates, changes and deletes clusters, which cost money, so it is not aggregated to another role';
  const profiles = 'decides what runs in every cluster, so it is not aggregated to another role';
  return {
    view: [
      rule(CLAIM_GROUP, [CLAIMS, 'xmanagedclusters'], READ, seen),
      rule(GROUP, own, READ, seen),
    ],
    edit: [
      rule(CLAIM_GROUP, [CLAIMS], [...READ, ...WRITE], wanted),
      rule(GROUP, [COMPOSITES], [...READ, ...WRITE], wanted),
    ],
    'profile-author': [rule(GROUP, ['clusterprofiles'], [...READ, ...WRITE], profiles)],
    'metrics-reader': [
      ofPaths(
        ['/metrics'],
        'reads the metrics of the provider, and of every other program of this cluster that asks for the same',
      ),
    ],
  };
}

/** userRoles are for users. Only the first one extends a built-in role: to write a claim is to spend money. */
export function userRoles(): readonly object[] {
  const { view, edit, ...others } = userGrants();
  return [
    clusterRole('view', { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' }, view),
    clusterRole('edit', {}, edit),
    ...Object.entries(others).map(([name, grants]) => clusterRole(name, {}, grants)),
  ];
}
