import { nameOf } from '../lib/core/names.ts';
import type { NodePool } from '../lib/apis/managed-cluster.generated.ts';
import type { ClusterInput, Role } from './cloud.ts';

/** CONTROL_PLANE_ROLE stands in the names of control plane objects, so no node pool can have it. */
export const CONTROL_PLANE_ROLE = 'cp';

/** controlPlaneName is the name of the control plane; its Machines are named after it. */
export function controlPlaneName({ name }: ClusterInput): string {
  return nameOf(name, CONTROL_PLANE_ROLE);
}

/** poolName is the name of the objects of a node pool; its Machines are named after it. */
export function poolName({ name }: ClusterInput, pool: NodePool): string {
  return nameOf(name, pool.name);
}

/** roleName stands in the names of templates for a role. */
export function roleName(role: Role): string {
  return role.kind === 'ControlPlane' ? CONTROL_PLANE_ROLE : role.pool.name;
}

/** KubeconfigSecret names a Secret with a kubeconfig, and the key that it is under. */
export interface KubeconfigSecret {
  readonly name: string;
  readonly key: string;
}

/** kubeconfigSecretOf is the Secret that Cluster API makes for a cluster (CAPI v1.14 util/secret). */
export function kubeconfigSecretOf(cluster: string): KubeconfigSecret {
  return { name: `${cluster}-kubeconfig`, key: 'value' };
}
