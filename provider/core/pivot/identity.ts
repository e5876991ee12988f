import { type KubeObject, groupOf } from '../../../lib/core/object.ts';

/**
 * keyOf names an object among those of one namespace, whatever version it was read in:
 * `cluster.x-k8s.io/Machine/demo-1`.
 */
export function keyOf({ apiVersion, kind, metadata }: KubeObject): string {
  return `${groupOf(apiVersion)}/${kind}/${metadata.name ?? ''}`;
}

/** titleOf names an object as a user reads it: `Machine demo-1`. */
export function titleOf({ kind, metadata }: Pick<KubeObject, 'kind' | 'metadata'>): string {
  return `${kind} ${metadata.name ?? ''}`;
}

/** uidOf is the uid of an object that was read from an API server; fails for one that never was. */
export function uidOf(object: KubeObject): string {
  const { uid } = object.metadata;
  if (uid === undefined) throw new Error(`cannot tell who ${titleOf(object)} is: it has no uid`);
  return uid;
}

/** isClusterApi tells an object of Cluster API, or of one of its providers, from all others. */
export function isClusterApi({ apiVersion }: Pick<KubeObject, 'apiVersion'>): boolean {
  return isClusterApiGroup(groupOf(apiVersion));
}

/** isClusterApiGroup tells the groups of Cluster API's contract: `cluster.x-k8s.io` and those below it. */
export function isClusterApiGroup(group: string): boolean {
  return group === 'cluster.x-k8s.io' || group.endsWith('.cluster.x-k8s.io');
}
