import type { ClusterInput } from '../../capi/cloud.ts';
import { label } from '../../capi/gates.ts';
import type { MachinesReason } from '../../lib/apis/reasons/cluster-plan.ts';
import { conditionOf, isFresh } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { expanded, type WantedCluster } from './wanted-cluster.ts';
import {
  apply,
  controlPlaneMachines,
  countsAre,
  isQuiet,
  isReady,
  isUp,
  named,
  versionOf,
  type Action,
  type ClusterState,
} from './cluster-state.ts';
import { nextVersion, oldest } from './versions.ts';

/** Completion is done, or the end of a message "Waiting for …". */
export type Completion =
  | { readonly done: true }
  | { readonly done: false; readonly reason: MachinesReason; readonly waitingFor: string };

const DONE: Completion = { done: true };

/** Reachable is a cluster with the version that is allowed now, and why that is not the desired version. */
export interface Reachable {
  readonly cluster: WantedCluster;
  readonly blocked: string | undefined;
}

/**
 * reachable replaces a version that cannot be reached in one step by the current one. The oldest machine
 * limits the upgrade; the control plane is never downgraded.
 */
export function reachable(cluster: WantedCluster, state: ClusterState): Reachable {
  const wanted = cluster.input.spec.kubernetes.version;
  const told = specVersion(state.controlPlane);
  const blocked = [told, oldest(versionsThere(state))]
    .map((present) => nextVersion(present, wanted))
    .find((step) => step.kind === 'Blocked');
  if (blocked === undefined) return { cluster, blocked: undefined };
  const possible = withVersion(cluster.input, told ?? wanted);
  return { cluster: expanded(possible), blocked: blocked.message };
}

/**
 * controlPlaneActions set size and version of the control plane in one write; referenced objects are
 * written first.
 */
export function controlPlaneActions(wanted: WantedCluster, state: ClusterState): readonly Action[] {
  const { cluster, infrastructureCluster, controlPlane, controlPlaneMachineTemplate } =
    wanted.controlPlane;
  const template = named(state.templates, controlPlaneMachineTemplate);
  return [
    ...apply(controlPlaneMachineTemplate, template),
    ...apply(infrastructureCluster, state.infrastructureCluster),
    ...apply(cluster, state.cluster),
    ...apply(controlPlane, state.controlPlane),
  ];
}

/**
 * controlPlaneCompletion is done when every machine has a ready Node of the desired version and no
 * roll-out is in progress. observedGeneration alone is not sufficient (facts/e2e.md 8), so the Machines
 * are checked.
 */
export function controlPlaneCompletion(input: ClusterInput, state: ClusterState): Completion {
  const { controlPlane } = state;
  if (controlPlane === undefined) {
    return waiting('WaitingForControlPlane', 'the control plane to be created');
  }
  const { replicas } = input.spec.controlPlane;
  const { version } = input.spec.kubernetes;
  const name = label(controlPlane, 'control plane');
  const spec = recordIn(controlPlane, 'spec');
  if (spec?.['replicas'] !== replicas || spec['version'] !== version || !isFresh(controlPlane)) {
    return waiting(
      'WaitingForObservedGeneration',
      `${name} to observe ${replicas} replicas at ${version}`,
    );
  }
  const machines = controlPlaneMachines(state.machines);
  const missing = machines.find((machine) => !isUp(machine, version));
  if (missing !== undefined) return waiting(...awaited(missing, version));
  if (machines.length !== replicas) {
    return waiting('Scaling', `${name} to have ${replicas} machines instead of ${machines.length}`);
  }
  const counts = ['replicas', 'readyReplicas', 'availableReplicas', 'upToDateReplicas'];
  if (!countsAre(controlPlane, replicas, counts) || !isQuiet(controlPlane, 'RollingOut')) {
    return waiting('RollingOut', `${name} to have all machines available and up to date`);
  }
  return DONE;
}

/**
 * isAtVersion reports whether a serving control plane has only the desired version, regardless of its
 * size: nodes of that version may join it (Kubernetes' version skew policy).
 */
export function isAtVersion(
  input: ClusterInput,
  { controlPlane, machines }: ClusterState,
): boolean {
  const { version } = input.spec.kubernetes;
  const own = controlPlaneMachines(machines);
  return (
    specVersion(controlPlane) === version &&
    own.some((machine) => isUp(machine, version)) &&
    own.every((machine) => versionOf(machine) === version)
  );
}

/** awaited is the reason and the end of "Waiting for …" for a machine that is not up. */
export function awaited(machine: KubeObject, version: string): readonly [MachinesReason, string] {
  const name = label(machine, 'Machine');
  if (machine.metadata.deletionTimestamp !== undefined) {
    return ['RollingOut', `${name} to be deleted`];
  }
  if (!isReady(machine)) {
    const reason = conditionOf(machine, 'Ready')?.reason;
    return ['WaitingForMachines', `${name} to have a ready Node${reason ? ` (${reason})` : ''}`];
  }
  return [
    'RollingOut',
    `${name} at ${versionOf(machine) ?? 'no version'} to be replaced by ${version}`,
  ];
}

/** waiting is a Completion that is not done. */
export function waiting(reason: MachinesReason, waitingFor: string): Completion {
  return { done: false, reason, waitingFor };
}

function versionsThere({ controlPlane, machines }: ClusterState): readonly string[] {
  return [specVersion(controlPlane), ...controlPlaneMachines(machines).map(versionOf)].filter(
    (version) => version !== undefined,
  );
}

function specVersion(controlPlane: KubeObject | undefined): string | undefined {
  return controlPlane === undefined ? undefined : versionOf(controlPlane);
}

function withVersion(input: ClusterInput, version: string): ClusterInput {
  const kubernetes = { ...input.spec.kubernetes, version };
  return { ...input, spec: { ...input.spec, kubernetes } };
}
