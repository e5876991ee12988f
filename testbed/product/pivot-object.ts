import { PIVOT } from '../../lib/apis/kinds.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { Side } from '../../lib/apis/ownership.ts';

/** PivotRequest is the cluster and the direction of a pivot. */
export interface PivotRequest {
  readonly namespace: string;
  /** Of the Pivot itself. */
  readonly name: string;
  readonly cluster: string;
  /** Name of the Secret with the kubeconfig of the cluster (access.ts). */
  readonly access: string;
  readonly to: Side;
}

/** pivotObject is a manually created Pivot, for a cluster without a claim. */
export function pivotObject({ namespace, name, cluster, access, to }: PivotRequest): KubeObject {
  return {
    ...PIVOT,
    metadata: { namespace, name },
    spec: {
      clusterName: cluster,
      kubeconfigSecretRef: { name: access },
      direction: to === 'workload' ? 'ToWorkload' : 'ToManagement',
      provider: 'docker',
    },
  };
}
