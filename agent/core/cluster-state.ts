import type { ClusterInput } from '../../capi/cloud.ts';
import {
  CLUSTER_NAME_LABEL,
  CONTROL_PLANE_LABEL,
  DEPLOYMENT_NAME_LABEL,
} from '../../capi/labels.ts';
import { conditionOf, isTrue } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { compareText } from '../../lib/core/order.ts';
import { toApply } from './applied.ts';

/** ClusterState is the Cluster API objects of a cluster in this API server, observed at one time. */
export interface ClusterState {
  readonly cluster: KubeObject | undefined;
  readonly infrastructureCluster: KubeObject | undefined;
  readonly controlPlane: KubeObject | undefined;
  readonly machines: readonly KubeObject[];
  readonly deployments: readonly KubeObject[];
  readonly machineSets: readonly KubeObject[];
  readonly healthChecks: readonly KubeObject[];
  /** Machine templates and bootstrap templates. */
  readonly templates: readonly KubeObject[];
}

/** Action is one write to a Cluster API object. */
export type Action =
  | { readonly kind: 'Apply'; readonly object: KubeObject }
  | { readonly kind: 'Delete'; readonly object: KubeObject };

/** apply is the action that applies the desired state; none when the object has it already. */
export function apply(desired: KubeObject, observed: KubeObject | undefined): readonly Action[] {
  // Paused objects are not changed; a pivot may be copying them.
  if (observed !== undefined && isTrue(observed, 'Paused')) return [];
  const object = toApply(desired, observed);
  return object === undefined ? [] : [{ kind: 'Apply', object }];
}

/** remove is the action that deletes an object, unless it is being deleted already. */
export function remove(object: KubeObject): readonly Action[] {
  return object.metadata.deletionTimestamp === undefined ? [{ kind: 'Delete', object }] : [];
}

/** named finds the object with the same name as another one. */
export function named(
  objects: readonly KubeObject[],
  { kind, metadata }: KubeObject,
): KubeObject | undefined {
  return objects.find((object) => object.kind === kind && object.metadata.name === metadata.name);
}

/** belongsTo reports whether an object has the label of a cluster. */
export function belongsTo({ name }: ClusterInput, { metadata }: KubeObject): boolean {
  return metadata.labels?.[CLUSTER_NAME_LABEL] === name;
}

/** controlPlaneMachines are the machines of the control plane, in order of names. */
export function controlPlaneMachines(machines: readonly KubeObject[]): readonly KubeObject[] {
  return sorted(machines.filter(({ metadata }) => hasLabel(metadata.labels, CONTROL_PLANE_LABEL)));
}

/** machinesOf are the machines of a MachineDeployment, in order of names. */
export function machinesOf(
  machines: readonly KubeObject[],
  deployment: string,
): readonly KubeObject[] {
  return sorted(
    machines.filter(({ metadata }) => metadata.labels?.[DEPLOYMENT_NAME_LABEL] === deployment),
  );
}

/** isUp reports whether a machine has a ready Node of a version and is not being deleted. */
export function isUp(machine: KubeObject, version: string): boolean {
  return isReady(machine) && versionOf(machine) === version;
}

/** isReady reports whether a machine has a ready Node. */
export function isReady(machine: KubeObject): boolean {
  return machine.metadata.deletionTimestamp === undefined && isTrue(machine, 'Ready');
}

/** versionOf is the Kubernetes version of a machine, if it has one. */
export function versionOf(machine: KubeObject): string | undefined {
  const version = recordIn(machine, 'spec')?.['version'];
  return typeof version === 'string' ? version : undefined;
}

/** isQuiet reports whether the condition is False; Unknown counts as in progress. */
export function isQuiet(
  object: KubeObject,
  type: 'RollingOut' | 'ScalingUp' | 'ScalingDown',
): boolean {
  const status = conditionOf(object, type)?.status;
  return status === undefined || status === 'False';
}

/** countsAre reports whether all counts in a status have a value; a missing count is zero. */
export function countsAre(object: KubeObject, value: number, counts: readonly string[]): boolean {
  const status = recordIn(object, 'status');
  return counts.every((count) => (status?.[count] ?? 0) === value);
}

function hasLabel(labels: Readonly<Record<string, string>> | undefined, name: string): boolean {
  return labels !== undefined && Object.hasOwn(labels, name);
}

function sorted(objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects.toSorted((a, b) => compareText(a.metadata.name ?? '', b.metadata.name ?? ''));
}
