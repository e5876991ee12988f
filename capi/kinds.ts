import { groupOf } from '../lib/core/object.ts';
import type { Kind } from './cloud.ts';

/** CLUSTER is the Cluster API Cluster. */
export const CLUSTER: Kind = { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Cluster' };

/** CONTROL_PLANE is the kubeadm control plane. */
export const CONTROL_PLANE: Kind = {
  apiVersion: 'controlplane.cluster.x-k8s.io/v1beta2',
  kind: 'KubeadmControlPlane',
};

/** MACHINE is a machine of a cluster. */
export const MACHINE: Kind = { apiVersion: CLUSTER.apiVersion, kind: 'Machine' };

/** MACHINE_SET is a revision of a node pool. */
export const MACHINE_SET: Kind = { apiVersion: CLUSTER.apiVersion, kind: 'MachineSet' };

/** MACHINE_DEPLOYMENT is a node pool. */
export const MACHINE_DEPLOYMENT: Kind = {
  apiVersion: CLUSTER.apiVersion,
  kind: 'MachineDeployment',
};

/** BOOTSTRAP_TEMPLATE is the kubeadm configuration of a node pool. */
export const BOOTSTRAP_TEMPLATE: Kind = {
  apiVersion: 'bootstrap.cluster.x-k8s.io/v1beta2',
  kind: 'KubeadmConfigTemplate',
};

/** HEALTH_CHECK replaces unhealthy machines. */
export const HEALTH_CHECK: Kind = {
  apiVersion: CLUSTER.apiVersion,
  kind: 'MachineHealthCheck',
};

/** Reference is an object reference of Cluster API v1beta2: no version, no namespace. */
export interface Reference {
  readonly [field: string]: string;
  readonly apiGroup: string;
  readonly kind: string;
  readonly name: string;
}

/** referenceTo returns a reference to an object of a kind in the same namespace. */
export function referenceTo({ apiVersion, kind }: Kind, name: string): Reference {
  return { apiGroup: groupOf(apiVersion), kind, name };
}
