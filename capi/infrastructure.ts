import { prune } from '../lib/core/prune.ts';
import type { ClusterInput } from './cloud.ts';
import { cloudOf } from './clouds/index.ts';
import type { Draft } from './draft.ts';
import { heldLabels } from './labels.ts';
import { overridden } from './overrides.ts';

/** infrastructureCluster is what the cloud makes once for the cluster: network, load balancer. */
export function infrastructureCluster(input: ClusterInput): Draft {
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
