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

/** WantedPool is a node pool as objects: its MachineDeployment, and all of it in order of creation. */
export interface WantedPool {
  readonly pool: NodePool;
  readonly deployment: KubeObject;
  readonly objects: readonly KubeObject[];
}

/** WantedCluster is what a cluster shall be: what the plan says, and that as objects marked with their hashes. */
export interface WantedCluster {
  readonly input: ClusterInput;
  readonly controlPlane: Omit<Expansion, 'templateHash'>;
  readonly pools: readonly WantedPool[];
}

/** PlanReading is what a plan wants, or why it can't be carried out. */
export type PlanReading =
  | { readonly kind: 'Cluster'; readonly cluster: WantedCluster }
  | { readonly kind: 'Unusable'; readonly message: string };

/**
 * readPlan rebuilds from a plan what the function expanded: the same input gives the same objects.
 * `namespace` is that of the cluster, the same on both sides. It costs many times what the rest of a pass
 * does (docs/performance.md), so whoever makes passes keeps it for as long as the plan is the same.
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

/** expanded is a cluster as its input wants it. */
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
  const message = `The plan can't be carried out by this version of the agent: ${mistakes.join('; ')}`;
  return { kind: 'Unusable', message };
}

/** The schema is the one that the type is generated from. */
function isSpec(value: unknown): value is ManagedClusterSpec {
  return shapeMistakes(value, SCHEMA, 'spec').length === 0;
}
