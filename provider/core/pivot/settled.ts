import type { PivotReadyReason } from '../../../lib/apis/reasons/pivot-ready.ts';
import type { MovedStatus } from '../../../lib/apis/pivot.generated.ts';
import { conditionOf } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import type { Graph } from './graph.ts';
import { isClusterApi, titleOf } from './identity.ts';
import { someOf } from './standstill.ts';
import { machinesIn } from './verify.ts';

/** Missing is what a step waits for, in the form of a condition. */
export interface Missing {
  readonly reason: PivotReadyReason;
  readonly message: string;
}

/**
 * unsettled returns what the target still has to do after its activation: every controller must have
 * resumed its objects, and the control plane must be available. The control plane of a dead cluster is not
 * waited for. Undefined if everything is done.
 */
export function unsettled(
  graph: Graph | undefined,
  { dead = false }: { readonly dead?: boolean } = {},
): Missing | undefined {
  if (graph === undefined) {
    return {
      reason: 'WaitingForCluster',
      message: 'Waiting for the Cluster to be observed on the target',
    };
  }
  const asleep = graph.objects.filter(isAsleep);
  if (asleep.length > 0) {
    return {
      reason: 'WaitingForReconcile',
      message: `Waiting for the controllers on the target to reconcile ${someOf(asleep)}`,
    };
  }
  if (dead) return undefined;
  const controlPlane = controlPlaneOf(graph);
  const available = conditionOf(controlPlane, 'Available');
  if (controlPlane === undefined || available === undefined || available.status === 'True') {
    return undefined;
  }
  const why = available.reason === undefined ? '' : ` (${available.reason})`;
  return {
    reason: 'WaitingForControlPlane',
    message: `Waiting for ${titleOf(controlPlane)} to be Available on the target${why}`,
  };
}

/**
 * Core kinds of Cluster API whose controllers all report Paused (CAPI v1.14 util/paused); for other kinds
 * this is not known.
 */
const REPORTING = ['Cluster', 'Machine', 'MachineSet', 'MachineDeployment'];

function isAsleep(object: KubeObject): boolean {
  const paused = conditionOf(object, 'Paused');
  if (paused === undefined) return isClusterApi(object) && REPORTING.includes(object.kind);
  const { generation } = object.metadata;
  const fresh = paused.observedGeneration === undefined || paused.observedGeneration === generation;
  return paused.status !== 'False' || !fresh;
}

/** controlPlaneOf returns the object that the Cluster refers to as its control plane. */
export function controlPlaneOf({ cluster, objects }: Graph): KubeObject | undefined {
  const reference = recordIn(recordIn(cluster, 'spec'), 'controlPlaneRef');
  return referred(objects, reference);
}

/** infrastructureOf returns the object that the Cluster refers to as its infrastructure. */
export function infrastructureOf({ cluster, objects }: Graph): KubeObject | undefined {
  const reference = recordIn(recordIn(cluster, 'spec'), 'infrastructureRef');
  return referred(objects, reference);
}

function referred(
  objects: readonly KubeObject[],
  reference: Readonly<Record<string, unknown>> | undefined,
): KubeObject | undefined {
  return objects.find(
    (object) =>
      isClusterApi(object) &&
      object.kind === reference?.['kind'] &&
      object.metadata.name === reference['name'],
  );
}

/** lostMachines returns the names of Machines that were moved and no longer exist. */
export function lostMachines(
  moved: readonly MovedStatus[],
  objects: readonly KubeObject[],
): readonly string[] {
  const present = new Set(machinesIn(objects).map(({ metadata }) => metadata.name));
  return moved.flatMap(({ kind, name }) =>
    kind === 'Machine' && !present.has(name) ? [name] : [],
  );
}
