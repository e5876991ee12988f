import type { ClusterInput } from '../../capi/cloud.ts';
import { clouds } from '../../capi/clouds/index.ts';
import { scaledControlPlane, type Expansion } from '../../capi/expansion.ts';
import { MACHINE_DEPLOYMENT } from '../../capi/kinds.ts';
import { nodePool } from '../../capi/node-pool.ts';
import { problems } from '../../capi/problems.ts';
import type { ClusterPlanSpec } from '../../lib/apis/cluster-plan.generated.ts';
import type { ManagedClusterSpec, NodePool } from '../../lib/apis/managed-cluster.generated.ts';
import { clusterSpec } from '../../lib/apis/schema/cluster-spec.ts';
import { shapeMistakes, withDefaults } from '../../lib/apis/schema/defaults.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { marked } from './applied.ts';

const SCHEMA = clusterSpec(clouds);

/** WantedPool is a node pool as objects: its MachineDeployment, and all its objects in order of creation. */
export interface WantedPool {
  readonly pool: NodePool;
  readonly deployment: KubeObject;
  readonly objects: readonly KubeObject[];
}

/** WantedCluster is the desired state of a cluster: the plan, and its objects marked with their hashes. */
export interface WantedCluster {
  readonly input: ClusterInput;
  readonly controlPlane: Omit<Expansion, 'templateHash'>;
  readonly pools: readonly WantedPool[];
}

/** PlanReading is the desired state of a plan, or why the plan is not usable. */
export type PlanReading =
  | { readonly kind: 'Cluster'; readonly cluster: WantedCluster }
  | { readonly kind: 'Unusable'; readonly message: string };

/**
 * readPlan expands a plan as the function does: the same input gives the same objects. `namespace` is the
 * namespace of the cluster, the same on both sides. It costs many times as much as the rest of a pass
 * (docs/performance.md), so callers cache it while the plan is unchanged.
 */
export function readPlan(plan: ClusterPlanSpec, namespace: string): PlanReading {
  const spec = withDefaults(plan.cluster, SCHEMA);
  const mistakes = shapeMistakes(spec, SCHEMA, 'spec.cluster');
  if (!isSpec(spec)) return unusable(mistakes);
  const authorizedKeys = spec.ssh?.authorizedKeys ?? [];
  const input = { name: plan.clusterName, namespace, spec, authorizedKeys };
  const found = problems(input);
  return found.length === 0 ? { kind: 'Cluster', cluster: expanded(input) } : unusable(found);
}

/** expanded is the desired cluster for an input. */
export function expanded(input: ClusterInput): WantedCluster {
  const { cluster, infrastructureCluster, controlPlane, controlPlaneMachineTemplate } =
    scaledControlPlane(input);
  return {
    input,
    controlPlane: {
      cluster: marked(cluster),
      infrastructureCluster: marked(infrastructureCluster),
      controlPlane: marked(controlPlane),
      controlPlaneMachineTemplate: marked(controlPlaneMachineTemplate),
    },
    pools: input.spec.nodePools.map((pool) => expandedPool(input, pool)),
  };
}

function expandedPool(input: ClusterInput, pool: NodePool): WantedPool {
  const objects = nodePool(input, pool).map(marked);
  const deployment = objects.find(({ kind }) => kind === MACHINE_DEPLOYMENT.kind);
  if (deployment === undefined) throw new Error(`cannot expand node pool ${pool.name}`);
  return { pool, deployment, objects };
}

function unusable(mistakes: readonly string[]): PlanReading {
  const message = `This version of the agent cannot expand the plan: ${mistakes.join('; ')}`;
  return { kind: 'Unusable', message };
}

/** The type is generated from this schema. */
function isSpec(value: unknown): value is ManagedClusterSpec {
  return shapeMistakes(value, SCHEMA, 'spec').length === 0;
}
