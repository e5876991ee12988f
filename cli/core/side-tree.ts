import { CONTROL_PLANE_LABEL, DEPLOYMENT_NAME_LABEL } from '../../capi/labels.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { infrastructureOf } from './rules/machines.ts';
import type { SideObjects } from './snapshot.ts';
import { byName, leaf, nodeOf, readiness, type TreeNode } from './tree-node.ts';

/** sideTree is the tree of Cluster API objects on one side: the Cluster, and below it its dependents. */
export function sideTree(side: SideObjects): readonly TreeNode[] {
  const { cluster, infrastructureCluster, controlPlane } = side;
  const placed = new Set<KubeObject>();
  const children = [
    ...optional(infrastructureCluster, (object) => nodeOf(object, 'Ready')),
    ...optional(controlPlane, (object) =>
      nodeOf(object, 'Available', machinesOf(side, isControlPlane, placed)),
    ),
    ...side.machineDeployments.toSorted(byName).map((pool) =>
      nodeOf(
        pool,
        'Available',
        machinesOf(side, (machine) => poolOf(machine) === pool.metadata.name, placed),
      ),
    ),
    ...machinesOf(side, (machine) => !placed.has(machine), placed),
    ...side.healthChecks.toSorted(byName).map((object) => nodeOf(object, undefined)),
    ...side.templates.toSorted(byName).map((object) => nodeOf(object, undefined)),
  ];
  return cluster === undefined ? children : [nodeOf(cluster, 'Available', children)];
}

function optional(
  object: KubeObject | undefined,
  draw: (object: KubeObject) => TreeNode,
): readonly TreeNode[] {
  return object === undefined ? [] : [draw(object)];
}

function isControlPlane({ metadata }: KubeObject): boolean {
  return metadata.labels?.[CONTROL_PLANE_LABEL] !== undefined;
}

function poolOf({ metadata }: KubeObject): string | undefined {
  return metadata.labels?.[DEPLOYMENT_NAME_LABEL];
}

function machinesOf(
  side: SideObjects,
  belongs: (machine: KubeObject) => boolean,
  placed: Set<KubeObject>,
): readonly TreeNode[] {
  const found = side.machines.filter(belongs).toSorted(byName);
  for (const machine of found) placed.add(machine);
  return found.map((machine) => machineNode(side, machine));
}

function machineNode(side: SideObjects, machine: KubeObject): TreeNode {
  const infrastructure = infrastructureOf(side, machine);
  return nodeOf(machine, 'Ready', [
    ...optional(infrastructure, (object) => nodeOf(object, 'Ready')),
    ...nodeNodes(machine),
  ]);
}

/** The Machine reports on its Node, so the workload cluster does not have to be reachable. */
function nodeNodes(machine: KubeObject): readonly TreeNode[] {
  const name = recordIn(recordIn(machine, 'status'), 'nodeRef')?.['name'];
  if (typeof name !== 'string') return [];
  return [{ ...leaf(`Node/${name}`), ready: readiness(machine, 'NodeReady') }];
}
