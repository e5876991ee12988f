import { nameOf } from '../lib/core/names.ts';
import type { NodePool } from '../lib/apis/managed-cluster.generated.ts';
import type { ClusterInput, Role } from './cloud.ts';

/** CONTROL_PLANE_ROLE is part of the names of control plane objects, so no node pool can have this name. */
export const CONTROL_PLANE_ROLE = 'cp';

/** controlPlaneName returns the name of the control plane; its Machines are named after it. */
export function controlPlaneName({ name }: ClusterInput): string {
  return nameOf(name, CONTROL_PLANE_ROLE);
}

/** poolName returns the name of the objects of a node pool; its Machines are named after it. */
export function poolName({ name }: ClusterInput, pool: NodePool): string {
  return nameOf(name, pool.name);
}

/** roleName returns the part of a template name that identifies the role. */
export function roleName(role: Role): string {
  return role.kind === 'ControlPlane' ? CONTROL_PLANE_ROLE : role.pool.name;
}

/** KubeconfigSecret references a Secret with a kubeconfig, and its key. */
export interface KubeconfigSecret {
  readonly name: string;
  readonly key: string;
}

/** kubeconfigSecretOf returns the kubeconfig Secret that Cluster API creates for a cluster (CAPI v1.14 util/secret). */
export function kubeconfigSecretOf(cluster: string): KubeconfigSecret {
  return { name: `${cluster}-kubeconfig`, key: 'value' };
}
