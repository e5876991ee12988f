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

/** ClusterState is what Cluster API has of a cluster in this API server, all of one look. */
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

/** Action is one write to an object of Cluster API. */
export type Action =
  | { readonly kind: 'Apply'; readonly object: KubeObject }
  | { readonly kind: 'Delete'; readonly object: KubeObject };

/** apply is the action that makes an object as desired; none when it is so already. */
export function apply(desired: KubeObject, observed: KubeObject | undefined): readonly Action[] {
  // Whatever is paused belongs to whoever paused it; a pivot may be copying it.
  if (observed !== undefined && isTrue(observed, 'Paused')) return [];
  const object = toApply(desired, observed);
  return object === undefined ? [] : [{ kind: 'Apply', object }];
}

/** remove is the action that deletes an object, unless it is going already. */
export function remove(object: KubeObject): readonly Action[] {
  return object.metadata.deletionTimestamp === undefined ? [{ kind: 'Delete', object }] : [];
}

/** named finds the object of a kind with the name of another one. */
export function named(
  objects: readonly KubeObject[],
  { kind, metadata }: KubeObject,
): KubeObject | undefined {
  return objects.find((object) => object.kind === kind && object.metadata.name === metadata.name);
}

/** belongsTo tells whether an object bears the label of a cluster. */
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

/** isUp tells whether a machine is a ready Node of a version, and stays one. */
export function isUp(machine: KubeObject, version: string): boolean {
  return isReady(machine) && versionOf(machine) === version;
}

/** isReady tells whether a machine is a ready Node. */
export function isReady(machine: KubeObject): boolean {
  return machine.metadata.deletionTimestamp === undefined && isTrue(machine, 'Ready');
}

/** versionOf is the Kubernetes version of a machine; undefined when it says none. */
export function versionOf(machine: KubeObject): string | undefined {
  const version = recordIn(machine, 'spec')?.['version'];
  return typeof version === 'string' ? version : undefined;
}

/** isQuiet tells that a roll-out is not under way: Unknown counts as under way. */
export function isQuiet(
  object: KubeObject,
  type: 'RollingOut' | 'ScalingUp' | 'ScalingDown',
): boolean {
  const status = conditionOf(object, type)?.status;
  return status === undefined || status === 'False';
}

/** countsAre tells whether all counts in a status have a value; those that are missing count as zero. */
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
