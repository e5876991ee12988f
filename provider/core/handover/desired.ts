import { clouds } from '../../../capi/clouds/index.ts';
import { scaledControlPlane } from '../../../capi/expansion.ts';
import { nodePool } from '../../../capi/node-pool.ts';
import type { ManagedClusterSpec } from '../../../lib/apis/managed-cluster.generated.ts';
import { clusterSpec } from '../../../lib/apis/schema/cluster-spec.ts';
import { shapeMistakes, withDefaults } from '../../../lib/apis/schema/defaults.ts';
import { recordIn, type JsonObject, type KubeObject } from '../../../lib/core/object.ts';
import type { ClusterRef } from '../escrow/escrow-set.ts';

const SCHEMA = clusterSpec(clouds);

/**
 * desiredBy returns the objects that the claim asks for now, according to the plan on the management side, which
 * only the function writes: their values of pinned fields are known values. Empty without a plan, or for one that
 * this version cannot expand.
 */
export function desiredBy(
  plan: KubeObject | undefined,
  cluster: ClusterRef,
): readonly KubeObject[] {
  const given = recordIn(recordIn(plan, 'spec'), 'cluster');
  const spec = withDefaults(given === undefined ? {} : json(given), SCHEMA);
  if (!isSpec(spec)) return [];
  try {
    const input = { ...cluster, spec, authorizedKeys: [] };
    const { infrastructureCluster, controlPlaneMachineTemplate } = scaledControlPlane(input);
    const pools = input.spec.nodePools.flatMap((pool) => nodePool(input, pool));
    return [infrastructureCluster, controlPlaneMachineTemplate, ...pools];
  } catch {
    return [];
  }
}

function json(value: Readonly<Record<string, unknown>>): JsonObject {
  const copy: JsonObject = JSON.parse(JSON.stringify(value));
  return copy;
}

function isSpec(value: unknown): value is ManagedClusterSpec {
  return shapeMistakes(value, SCHEMA, 'spec.cluster').length === 0;
}
