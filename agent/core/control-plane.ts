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

/** Completion is whether something is done, or what it waits for as the end of "Waiting for …". */
export type Completion =
  | { readonly done: true }
  | { readonly done: false; readonly reason: MachinesReason; readonly waitingFor: string };

const DONE: Completion = { done: true };

/** Reachable is a cluster at the version that it may have now, and why that is not the wanted one. */
export interface Reachable {
  readonly cluster: WantedCluster;
  readonly blocked: string | undefined;
}

/**
 * reachable replaces a version that can't be had in one step by the one that is there. The oldest
 * machine says how far up it may go, the control plane itself how far down: not at all.
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
 * controlPlaneActions bring the control plane to its size and version in one write to it; what it
 * refers to comes before.
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
 * controlPlaneCompletion is done when every machine is a ready Node of the wanted version and nothing is
 * under way. observedGeneration alone does not tell (facts/e2e.md 8): the Machines do.
 */
export function controlPlaneCompletion(input: ClusterInput, state: ClusterState): Completion {
  const { controlPlane } = state;
  if (controlPlane === undefined) {
    return waiting('WaitingForControlPlane', 'the control plane to be there');
  }
  const { replicas } = input.spec.controlPlane;
  const { version } = input.spec.kubernetes;
  const name = label(controlPlane, 'control plane');
  const spec = recordIn(controlPlane, 'spec');
  if (spec?.['replicas'] !== replicas || spec['version'] !== version || !isFresh(controlPlane)) {
    return waiting('WaitingForObservedGeneration', `${name} to take in ${replicas} × ${version}`);
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
 * isAtVersion tells whether a control plane that serves has the wanted version and no other, whatever
 * its size: nodes of that version may join it (Kubernetes' version skew policy).
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

/** awaited is reason and end of the sentence for a machine that is not up. */
export function awaited(machine: KubeObject, version: string): readonly [MachinesReason, string] {
  const name = label(machine, 'Machine');
  if (machine.metadata.deletionTimestamp !== undefined) {
    return ['RollingOut', `the deletion of ${name} to end`];
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

/** waiting makes a Completion that is not done. */
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
