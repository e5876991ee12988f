import { type KubeObject, groupOf } from '../../../lib/core/object.ts';

/**
 * keyOf identifies an object within a namespace, independently of the version it was read in:
 * `cluster.x-k8s.io/Machine/demo-1`.
 */
export function keyOf({ apiVersion, kind, metadata }: KubeObject): string {
  return `${groupOf(apiVersion)}/${kind}/${metadata.name ?? ''}`;
}

/** titleOf returns the name of an object for users: `Machine demo-1`. */
export function titleOf({ kind, metadata }: Pick<KubeObject, 'kind' | 'metadata'>): string {
  return `${kind} ${metadata.name ?? ''}`;
}

/** uidOf returns the uid of an object that was read from an API server; fails if it has none. */
export function uidOf(object: KubeObject): string {
  const { uid } = object.metadata;
  if (uid === undefined) throw new Error(`cannot identify ${titleOf(object)}: it has no uid`);
  return uid;
}

/** isClusterApi reports whether an object belongs to Cluster API or one of its providers. */
export function isClusterApi({ apiVersion }: Pick<KubeObject, 'apiVersion'>): boolean {
  return isClusterApiGroup(groupOf(apiVersion));
}

/**
 * isClusterApiGroup reports whether a group is part of the Cluster API contract: `cluster.x-k8s.io` and its
 * subdomains.
 */
export function isClusterApiGroup(group: string): boolean {
  return group === 'cluster.x-k8s.io' || group.endsWith('.cluster.x-k8s.io');
}
