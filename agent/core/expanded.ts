import type { ClusterInput } from '../../capi/cloud.ts';
import { scaledControlPlane, type Expansion } from '../../capi/expansion.ts';
import { MACHINE_DEPLOYMENT } from '../../capi/kinds.ts';
import { nodePool } from '../../capi/node-pool.ts';
import type { NodePool } from '../../lib/apis/managed-cluster.generated.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { marked } from './applied.ts';

/** ExpandedPool is a node pool as objects: its MachineDeployment, and all of it in order of creation. */
export interface ExpandedPool {
  readonly pool: NodePool;
  readonly deployment: KubeObject;
  readonly objects: readonly KubeObject[];
}

/** Expanded is a whole cluster as Cluster API objects, each marked with its hash. */
export interface Expanded {
  readonly controlPlane: Omit<Expansion, 'templateHash'>;
  readonly pools: readonly ExpandedPool[];
}

/** Every pass looks at the same plan, and hashes are most of what a pass costs. */
const memory = new WeakMap<ClusterInput, Expanded>();

/** expanded is what a cluster shall be, worked out once for an input. */
export function expanded(input: ClusterInput): Expanded {
  const known = memory.get(input);
  if (known !== undefined) return known;
  const { cluster, infrastructureCluster, controlPlane, controlPlaneMachineTemplate } =
    scaledControlPlane(input);
  const made = {
    controlPlane: {
      cluster: marked(cluster),
      infrastructureCluster: marked(infrastructureCluster),
      controlPlane: marked(controlPlane),
      controlPlaneMachineTemplate: marked(controlPlaneMachineTemplate),
    },
    pools: input.spec.nodePools.map((pool) => expandedPool(input, pool)),
  };
  memory.set(input, made);
  return made;
}

function expandedPool(input: ClusterInput, pool: NodePool): ExpandedPool {
  const objects = nodePool(input, pool).map(marked);
  const deployment = objects.find(({ kind }) => kind === MACHINE_DEPLOYMENT.kind);
  if (deployment === undefined) throw new Error(`cannot expand node pool ${pool.name}`);
  return { pool, deployment, objects };
}
