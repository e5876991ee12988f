import type { PlanLayer } from '../../../lib/apis/cluster-plan.generated.ts';
import { CLUSTER_PLAN } from '../../../lib/apis/kinds.ts';
import type { ClusterInput } from '../../../capi/cloud.ts';
import { aCluster } from '../../../capi/testing/clusters.ts';
import type { JsonObject, KubeObject } from '../../../lib/core/object.ts';

/** PlanParts are what tests vary in a plan. */
export interface PlanParts {
  readonly layers?: readonly PlanLayer[];
  readonly epoch?: number;
  readonly handedOver?: boolean;
  readonly cluster?: JsonObject;
}

/** inputFor is the input of a cluster of pretend machines. */
export function inputFor(namespace: string, name: string, patch: JsonObject = {}): ClusterInput {
  const cloud = { cloud: { docker: { backend: 'inMemory' } } };
  return { ...aCluster('docker', { ...cloud, ...patch }), namespace, name };
}

/** planFor is the plan of a cluster as the function makes it. */
export function planFor(namespace: string, name: string, parts: PlanParts = {}): KubeObject {
  const { layers = [], epoch = 1, handedOver, cluster } = parts;
  const { spec, authorizedKeys } = inputFor(namespace, name, cluster);
  const { profiles: _profiles, ssh: _ssh, ...rest } = spec;
  return {
    ...CLUSTER_PLAN,
    metadata: { name, namespace },
    spec: {
      epoch,
      clusterName: name,
      ...(handedOver === undefined ? {} : { handedOver }),
      cluster: { ...rest, ssh: { user: spec.ssh?.user, authorizedKeys } },
      layers,
    },
  };
}

/** manifestsLayer is a layer of one ConfigMap in a namespace of its own. */
export function manifestsLayer(name: string, part: Partial<PlanLayer> = {}): PlanLayer {
  const manifests = `
apiVersion: v1
kind: Namespace
metadata: {name: ns-${name}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: ${name}, namespace: ns-${name}}
data: {layer: ${name}}
`;
  return { name, type: 'cni', installPriority: 100, manifests, profile: 'p@1.0.0', ...part };
}
