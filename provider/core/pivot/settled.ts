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
 * unsettled says what the target still has to do after it was activated: every controller has taken its
 * objects up again, and the control plane is available. That of a dead cluster never is. Undefined when all
 * is done.
 */
export function unsettled(
  graph: Graph | undefined,
  { dead = false }: { readonly dead?: boolean } = {},
): Missing | undefined {
  if (graph === undefined) {
    return {
      reason: 'WaitingForCluster',
      message: 'Waiting for the Cluster to be seen on the target',
    };
  }
  const asleep = graph.objects.filter(isAsleep);
  if (asleep.length > 0) {
    return {
      reason: 'WaitingForReconcile',
      message: `Waiting for the controllers on the target to take up ${someOf(asleep)}`,
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

/** Kinds of Cluster API's core, whose controllers all report Paused (CAPI v1.14 util/paused); of others it is not known. */
const REPORTING = ['Cluster', 'Machine', 'MachineSet', 'MachineDeployment'];

function isAsleep(object: KubeObject): boolean {
  const paused = conditionOf(object, 'Paused');
  if (paused === undefined) return isClusterApi(object) && REPORTING.includes(object.kind);
  const { generation } = object.metadata;
  const fresh = paused.observedGeneration === undefined || paused.observedGeneration === generation;
  return paused.status !== 'False' || !fresh;
}

/** controlPlaneOf is the object that the Cluster names as its control plane. */
export function controlPlaneOf({ cluster, objects }: Graph): KubeObject | undefined {
  const reference = recordIn(recordIn(cluster, 'spec'), 'controlPlaneRef');
  return referred(objects, reference);
}

/** infrastructureOf is the object that the Cluster names as its infrastructure. */
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

/** lostMachines are the names of Machines that moved and are not there any more. */
export function lostMachines(
  moved: readonly MovedStatus[],
  objects: readonly KubeObject[],
): readonly string[] {
  const present = new Set(machinesIn(objects).map(({ metadata }) => metadata.name));
  return moved.flatMap(({ kind, name }) =>
    kind === 'Machine' && !present.has(name) ? [name] : [],
  );
}
