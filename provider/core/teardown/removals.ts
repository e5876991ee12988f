import { CLUSTER, CONTROL_PLANE } from '../../../capi/kinds.ts';
import { CONTROL_PLANE_LABEL } from '../../../capi/labels.ts';
import { HOLD_LABEL } from '../../../lib/apis/ownership.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';

/** Removals is what may be done now to the objects of a cluster, so that its machines go in order. */
export interface Removals {
  /** From which the hold comes off. */
  readonly unhold: readonly KubeObject[];
  /** Which are deleted. */
  readonly remove: readonly KubeObject[];
}

const INFRASTRUCTURE = 'infrastructure.cluster.x-k8s.io';
const WORKERS = ['MachineDeployment', 'MachineSet', 'MachinePool'];

/** The levels in which Cluster API takes a cluster away (CAPI v1.14 cluster_controller.go reconcileDelete). */
type Level = 'cluster' | 'worker' | 'controlPlane' | 'infrastructure' | 'rest';
const LEVELS: readonly Level[] = ['cluster', 'worker', 'controlPlane', 'infrastructure', 'rest'];

/**
 * removalsOf says what may go now. As long as the Cluster is there, only the Cluster is deleted: Cluster
 * API does the rest, in its order. It refuses nobody else, so the holds of control plane and
 * infrastructure come off only when it is their turn: the garbage collector and the namespace controller
 * take whatever they can get. The hold of a control plane comes off before the Cluster is deleted when
 * there are no workers, or else Cluster API is refused once and tries again only after a while.
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

/** The levels whose objects may be deleted by now: the last of them is under way. */
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
  // A machine of the cloud without its Machine still needs the network that it is in.
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

/** With the Cluster gone, the infrastructure cluster is known by its kind. */
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

/** isHeld tells whether the guard protects an object from deletion. */
export function isHeld({ metadata }: KubeObject): boolean {
  return HOLD_LABEL in (metadata.labels ?? {});
}
