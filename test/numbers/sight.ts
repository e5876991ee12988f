import { WEB } from '@managed-cluster/testbed';
import type { ClusterInput } from '../../capi/cloud.ts';
import { cloudOf } from '../../capi/clouds/index.ts';
import type { View } from '../../capi/gates.ts';
import { CLUSTER, CONTROL_PLANE } from '../../capi/kinds.ts';
import { controlPlaneName } from '../../capi/object-names.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi, ListOptions, TypeRef } from '../../lib/kube/api.ts';
import { isNoMatch } from '../../lib/kube/errors.ts';
import { PROVIDER_LABEL } from '../../provider/core/installation/provider-copy.ts';
import type { Inside } from './phases.ts';

const MACHINE = { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Machine' } as const;
const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment' } as const;

/** viewOf is what gates look at, as one side has it. */
export async function viewOf(api: KubeApi, input: ClusterInput): Promise<View> {
  const { name, namespace } = input;
  const [cluster, infrastructureCluster, controlPlane, machines] = await Promise.all([
    api.get({ ...CLUSTER, namespace, name }),
    api.get({ ...cloudOf(input).infrastructureCluster, namespace, name }),
    api.get({ ...CONTROL_PLANE, namespace, name: controlPlaneName(input) }),
    listed(api, { ...MACHINE, namespace }),
  ]);
  return { cluster, infrastructureCluster, controlPlane, machines };
}

/** insideOf is what a cluster tells of itself. */
export async function insideOf(api: KubeApi, { name, namespace }: ClusterInput): Promise<Inside> {
  const [nodes, managers, machines, clusters, web] = await Promise.all([
    listed(api, { apiVersion: 'v1', kind: 'Node' }),
    listed(api, DEPLOYMENT, { labelSelector: PROVIDER_LABEL }),
    listed(api, { ...MACHINE, namespace }),
    listed(api, { ...CLUSTER, namespace }),
    api.get({ ...DEPLOYMENT, ...WEB }),
  ]);
  const cluster = clusters.find(({ metadata }) => metadata.name === name);
  return { nodes, managers, machines, cluster, web };
}

/** A kind that is not served yet has no objects. */
async function listed(
  api: KubeApi,
  type: TypeRef,
  options: ListOptions = {},
): Promise<readonly KubeObject[]> {
  try {
    return (await api.list(type, options)).items;
  } catch (error) {
    if (isNoMatch(error)) return [];
    throw error;
  }
}
