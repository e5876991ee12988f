import { prune } from '../lib/core/prune.ts';
import type { ClusterInput } from './cloud.ts';
import { cloudOf } from './clouds/index.ts';
import type { Manifest } from './manifest.ts';
import { CLUSTER, CONTROL_PLANE, referenceTo } from './kinds.ts';
import { heldLabels } from './labels.ts';
import { controlPlaneName } from './object-names.ts';
import { overridden } from './overrides.ts';

/**
 * cluster returns the Cluster. It never sets `paused` or `controlPlaneEndpoint`: a forced apply would
 * take these fields from the pivot and from the infrastructure provider (DESIGN 5).
 */
export function cluster(input: ClusterInput): Manifest {
  const { name, namespace, spec } = input;
  const { podCIDRs, serviceCIDRs, serviceDomain } = spec.kubernetes;
  return overridden(input, {
    ...CLUSTER,
    metadata: { name, namespace, labels: heldLabels(input) },
    spec: {
      clusterNetwork: {
        pods: { cidrBlocks: podCIDRs },
        services: { cidrBlocks: serviceCIDRs },
        serviceDomain,
      },
      controlPlaneRef: referenceTo(CONTROL_PLANE, controlPlaneName(input)),
      infrastructureRef: referenceTo(cloudOf(input).infrastructureCluster, name),
    },
  });
}

/** infrastructureCluster returns the infrastructure cluster, which creates the shared infrastructure: network, load balancer. */
export function infrastructureCluster(input: ClusterInput): Manifest {
  const cloud = cloudOf(input);
  const { name, namespace } = input;
  const annotations = cloud.infrastructureClusterAnnotations?.(input);
  return overridden(input, {
    ...cloud.infrastructureCluster,
    metadata: {
      name,
      namespace,
      labels: heldLabels(input),
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: prune(cloud.infrastructureClusterSpec(input), cloud.meaningfulEmpties),
  });
}
