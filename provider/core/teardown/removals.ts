import { CLUSTER, CONTROL_PLANE } from '../../../capi/kinds.ts';
import { CONTROL_PLANE_LABEL } from '../../../capi/labels.ts';
import { HOLD_LABEL } from '../../../lib/apis/ownership.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';

/** Removals says which objects of a cluster may be changed now, so that its machines are deleted in order. */
export interface Removals {
  /** The objects to remove the hold from. */
  readonly unhold: readonly KubeObject[];
  /** The objects to delete. */
  readonly remove: readonly KubeObject[];
}

const INFRASTRUCTURE = 'infrastructure.cluster.x-k8s.io';
const WORKERS = ['MachineDeployment', 'MachineSet', 'MachinePool'];

/** The order in which Cluster API deletes a cluster (CAPI v1.14 cluster_controller.go reconcileDelete). */
type Level = 'cluster' | 'worker' | 'controlPlane' | 'infrastructure' | 'rest';
const LEVELS: readonly Level[] = ['cluster', 'worker', 'controlPlane', 'infrastructure', 'rest'];

/**
 * removalsOf returns what may be removed now. While the Cluster exists, only the Cluster is deleted and
 * Cluster API removes the rest in order. Cluster API does not stop other clients, so the holds of control
 * plane and infrastructure are removed only when it is their turn: otherwise the garbage collector and the
 * namespace controller could delete these objects too early. Without workers, the hold of the control plane
 * is removed before the Cluster is deleted, because otherwise Cluster API is denied once and retries only
 * after a while.
 */
export function removalsOf(objects: readonly KubeObject[]): Removals {
  const levels = new Map(objects.map((object) => [object, levelOf(object, objects)]));
  function at(level: Level): readonly KubeObject[] {
    return objects.filter((object) => levels.get(object) === level);
  }
  const open = turnOf(at);
  const unhold = open.flatMap(at).filter(isHeld);
  const cluster = at('cluster');
  const own = cluster.length > 0 ? cluster : at(open.at(-1) ?? 'rest');
  return { unhold, remove: own.filter(({ metadata }) => metadata.deletionTimestamp === undefined) };
}

/** The levels whose objects may be deleted by now; the last of them is in progress. */
function turnOf(at: (level: Level) => readonly KubeObject[]): readonly Level[] {
  const waiting = LEVELS.slice(1).find((level) => at(level).length > 0);
  return waiting === undefined ? LEVELS : LEVELS.slice(0, LEVELS.indexOf(waiting) + 1);
}

function levelOf(object: KubeObject, all: readonly KubeObject[]): Level {
  const { kind, metadata } = object;
  if (isA(object, CLUSTER.apiVersion, CLUSTER.kind)) return 'cluster';
  if (kind === 'Machine') {
    return CONTROL_PLANE_LABEL in (metadata.labels ?? {}) ? 'controlPlane' : 'worker';
  }
  if (WORKERS.includes(kind)) return 'worker';
  // A cloud machine without its Machine still needs its network.
  if (isControlPlane(object, all) || isCloudMachine(object)) return 'controlPlane';
  if (isInfrastructure(object, all)) return 'infrastructure';
  return 'rest';
}

function isControlPlane(object: KubeObject, all: readonly KubeObject[]): boolean {
  return (
    isA(object, CONTROL_PLANE.apiVersion, CONTROL_PLANE.kind) ||
    isReferred(object, all, 'controlPlaneRef')
  );
}

function isCloudMachine(object: KubeObject): boolean {
  return groupOf(object) === INFRASTRUCTURE && object.kind.endsWith('Machine');
}

/** Once the Cluster is deleted, the infrastructure cluster is identified by its kind. */
function isInfrastructure(object: KubeObject, all: readonly KubeObject[]): boolean {
  return (
    isReferred(object, all, 'infrastructureRef') ||
    (groupOf(object) === INFRASTRUCTURE && object.kind.endsWith('Cluster'))
  );
}

function isReferred(
  { kind, metadata }: KubeObject,
  all: readonly KubeObject[],
  field: string,
): boolean {
  return all.some((object) => {
    const ref = recordIn(recordIn(object, 'spec'), field);
    return object.kind === 'Cluster' && ref?.['kind'] === kind && ref['name'] === metadata.name;
  });
}

function isA(object: KubeObject, apiVersion: string, kind: string): boolean {
  return object.kind === kind && groupOf(object) === apiVersion.split('/')[0];
}

function groupOf({ apiVersion }: KubeObject): string {
  return apiVersion.split('/')[0] ?? '';
}

/** isHeld reports whether the guard policy protects an object from deletion. */
export function isHeld({ metadata }: KubeObject): boolean {
  return HOLD_LABEL in (metadata.labels ?? {});
}
