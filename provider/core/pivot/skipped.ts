import { CLUSTER_NAME_LABEL } from '../../../capi/labels.ts';
import { CLUSTER_LABEL, ESCROW_LABEL } from '../../../lib/apis/ownership.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { isClusterApi } from './identity.ts';
import { ownersOf } from '../../../lib/core/owners.ts';

/** Labels that make `clusterctl move` move an object (CAPI v1.14 cmd/clusterctl/api/v1alpha3/labels.go). */
const MOVE_LABELS = [
  'clusterctl.cluster.x-k8s.io/move',
  'clusterctl.cluster.x-k8s.io/move-hierarchy',
];

/** isOwnedElsewhere reports whether an object has the label of another Cluster. */
export function isOwnedElsewhere(cluster: string, { metadata }: KubeObject): boolean {
  const name = metadata.labels?.[CLUSTER_NAME_LABEL];
  return name !== undefined && name !== cluster;
}

/**
 * skippedReason returns why an object is not moved although a user could expect it; undefined if nobody
 * would expect it. Objects of another Cluster are reported by the Pivot of that Cluster only.
 */
export function skippedReason(cluster: string, object: KubeObject): string | undefined {
  const { labels = {} } = object.metadata;
  if (object.kind === 'Cluster' && isClusterApi(object)) return 'another cluster';
  if (isOwnedElsewhere(cluster, object) || isOurs(object)) return undefined;
  if (MOVE_LABELS.some((label) => label in labels)) {
    return `has a clusterctl move label, but belongs to no cluster: label it ${CLUSTER_NAME_LABEL}=${cluster} if only this cluster uses it`;
  }
  if (ownersOf(object).length > 0) return undefined;
  return isClusterApi(object)
    ? `belongs to no cluster: label it ${CLUSTER_NAME_LABEL}=${cluster} to move it, or create it in the workload cluster`
    : namesakeReason(cluster, object);
}

function namesakeReason(cluster: string, { metadata }: KubeObject): string | undefined {
  return metadata.name?.startsWith(`${cluster}-`) === true
    ? `has a name that starts with the name of the cluster, but no object of the cluster refers to it: label it ${CLUSTER_NAME_LABEL}=${cluster} to move it`
    : undefined;
}

function isOurs({ metadata }: KubeObject): boolean {
  const { labels = {} } = metadata;
  return CLUSTER_LABEL in labels || ESCROW_LABEL in labels;
}
