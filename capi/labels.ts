import { HOLD_LABEL } from '../lib/apis/ownership.ts';
import type { NodePool } from '../lib/apis/managed-cluster.generated.ts';
import type { ClusterInput } from './cloud.ts';

type Labels = Readonly<Record<string, string>>;

/** PREFIX is the prefix of all our labels and annotations; overrides cannot change them. */
export const PREFIX = 'managedcluster.io/';

/** CLUSTER_NAME_LABEL is the name of the Cluster that an object belongs to (Cluster API). */
export const CLUSTER_NAME_LABEL = 'cluster.x-k8s.io/cluster-name';

/** DEPLOYMENT_NAME_LABEL is the name of the MachineDeployment that a Machine belongs to (Cluster API). */
export const DEPLOYMENT_NAME_LABEL = 'cluster.x-k8s.io/deployment-name';

/** CONTROL_PLANE_LABEL marks control plane Machines; its value is empty (Cluster API). */
export const CONTROL_PLANE_LABEL = 'cluster.x-k8s.io/control-plane';

/** CLUSTER_API_PAUSED_ANNOTATION, with any value, pauses the reconciliation of an object by Cluster API. */
export const CLUSTER_API_PAUSED_ANNOTATION = 'cluster.x-k8s.io/paused';

/** NODE_POOL_LABEL is the name of the node pool, on its objects and on its Nodes. */
export const NODE_POOL_LABEL = `${PREFIX}node-pool`;

/** clusterLabels are the labels of every object of a cluster. */
export function clusterLabels({ name }: ClusterInput): Labels {
  return { [CLUSTER_NAME_LABEL]: name };
}

/**
 * heldLabels are the labels of objects that must not be deleted by the garbage collector or by mistake,
 * because deleting them out of order leaks machines (DESIGN 5).
 */
export function heldLabels(input: ClusterInput): Labels {
  return { ...clusterLabels(input), [HOLD_LABEL]: '' };
}

/** poolLabels are the labels of every object of a node pool. */
export function poolLabels(input: ClusterInput, { name }: NodePool): Labels {
  return { ...clusterLabels(input), [NODE_POOL_LABEL]: name };
}
