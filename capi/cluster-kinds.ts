import { clouds } from './clouds/index.ts';
import type { Cloud, Kind } from './cloud.ts';
import {
  BOOTSTRAP_TEMPLATE,
  CLUSTER,
  CONTROL_PLANE,
  HEALTH_CHECK,
  MACHINE,
  MACHINE_DEPLOYMENT,
  MACHINE_SET,
} from './kinds.ts';

const ADDONS = 'addons.cluster.x-k8s.io/v1beta2';
const IPAM = 'ipam.cluster.x-k8s.io/v1beta2';

/** Kinds of Cluster API v1.14 whose objects can belong to one cluster, whatever its cloud. */
const CORE: readonly Kind[] = [
  CLUSTER,
  MACHINE,
  MACHINE_SET,
  MACHINE_DEPLOYMENT,
  { apiVersion: CLUSTER.apiVersion, kind: 'MachinePool' },
  HEALTH_CHECK,
  { apiVersion: BOOTSTRAP_TEMPLATE.apiVersion, kind: 'KubeadmConfig' },
  BOOTSTRAP_TEMPLATE,
  CONTROL_PLANE,
  { apiVersion: ADDONS, kind: 'ClusterResourceSet' },
  { apiVersion: ADDONS, kind: 'ClusterResourceSetBinding' },
  { apiVersion: IPAM, kind: 'IPAddress' },
  { apiVersion: IPAM, kind: 'IPAddressClaim' },
  { apiVersion: 'ipam.cluster.x-k8s.io/v1alpha2', kind: 'InClusterIPPool' },
];

/**
 * clusterKinds returns every kind whose objects can belong to a cluster: those of Cluster API and those that the
 * clouds name. The provider may write these and no others on the management side (hack/generator/provider-role.ts),
 * so it moves no others.
 */
export function clusterKinds(): readonly Kind[] {
  const all: readonly Cloud[] = Object.values(clouds);
  return [...CORE, ...all.flatMap(kindsOfCloud)];
}

function kindsOfCloud(cloud: Cloud): readonly Kind[] {
  const { infrastructureCluster, machineTemplate, infrastructureKinds, movesAlso = [] } = cloud;
  const { apiVersion } = machineTemplate;
  const kinds = Object.keys(infrastructureKinds).map((kind) => ({ apiVersion, kind }));
  return [infrastructureCluster, machineTemplate, ...kinds, ...movesAlso];
}
