import type { G1Reason, G2Reason, GateReason } from '../lib/apis/reasons/gates.ts';
import { conditionOf, isFresh, isTrue } from '../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../lib/core/object.ts';
import { compareText } from '../lib/core/order.ts';

/** View is the set of objects that the gates evaluate. */
export interface View {
  readonly cluster?: KubeObject | undefined;
  readonly infrastructureCluster?: KubeObject | undefined;
  readonly controlPlane?: KubeObject | undefined;
  readonly agentInstallation?: KubeObject | undefined;
  /** Machines of the cluster; undefined until they have been listed. */
  readonly machines?: readonly KubeObject[] | undefined;
}

/** Predicate must hold before a gate opens. */
export interface Predicate<Name extends GateReason = GateReason> {
  /** Stable name, which is the reason of the condition while the gate waits for the predicate. */
  readonly name: Name;
  readonly holds: (view: View) => boolean;
  /** What the gate waits for, on which object; completes a sentence that starts with "Waiting for ". */
  readonly waitingFor: (view: View) => string;
}

/** Gate is a list of predicates, in the order in which they usually come true. */
export interface Gate<Name extends GateReason = GateReason> {
  readonly name: 'G1' | 'G2';
  readonly predicates: readonly Predicate<Name>[];
}

/**
 * G1, *CP-A operational* (DESIGN 4): the API server answers. The agent is installed after G1 and installs the
 * CNI and the cloud controller, so G1 requires nothing that depends on them. If only the cloud controller sets
 * the providerID of a Node (all clouds except `docker`), no Machine has a nodeRef before it runs. Without a
 * nodeRef the control plane provider inspects neither etcd nor Pods, and is not Available (CAPI v1.14 getNode,
 * UpdateEtcdConditions). `Initialized` and `observedGeneration` only need the API server.
 */
export const G1: Gate<G1Reason> = {
  name: 'G1',
  predicates: [
    {
      name: 'WaitingForCluster',
      holds: ({ cluster, controlPlane }) => cluster !== undefined && controlPlane !== undefined,
      waitingFor: () => 'Crossplane to create the Cluster and its control plane',
    },
    present('cluster', 'Cluster'),
    present('controlPlane', 'control plane'),
    {
      name: 'WaitingForInfrastructure',
      holds: ({ cluster }) => initialized(cluster, 'infrastructureProvisioned'),
      waitingFor: ({ cluster, infrastructureCluster }) =>
        `${label(infrastructureCluster, 'infrastructure cluster')} to be provisioned${because(cluster, 'InfrastructureReady')}`,
    },
    {
      name: 'WaitingForEndpoint',
      holds: ({ cluster }) => hasEndpoint(cluster),
      waitingFor: ({ cluster }) => `${label(cluster, 'Cluster')} to get a control plane endpoint`,
    },
    conditionOn('cluster', 'Cluster', 'ControlPlaneInitialized'),
    conditionOn('cluster', 'Cluster', 'RemoteConnectionProbe'),
    conditionOn('controlPlane', 'control plane', 'Initialized'),
    fresh('cluster', 'Cluster'),
    fresh('controlPlane', 'control plane'),
  ],
};

/**
 * G2, *pivot-ready*: the target is complete and no machine is being changed. G1 is not evaluated again: an
 * open gate stays open. AgentInstallation reports whether the workload side is complete.
 */
export const G2: Gate<G2Reason> = {
  name: 'G2',
  predicates: [
    conditionOn('agentInstallation', 'AgentInstallation', 'Ready'),
    {
      name: 'WaitingForUnpause',
      holds: ({ cluster }) => recordIn(cluster, 'spec')?.['paused'] !== true,
      waitingFor: ({ cluster }) =>
        `${label(cluster, 'Cluster')} to be unpaused: spec.paused is set on it`,
    },
    present('cluster', 'Cluster'),
    present('controlPlane', 'control plane'),
    fresh('cluster', 'Cluster'),
    fresh('controlPlane', 'control plane'),
    // Before the counts, because its reason is more specific: etcd or a component.
    conditionOn('controlPlane', 'control plane', 'Available'),
    {
      name: 'WaitingForControlPlaneMachines',
      holds: ({ controlPlane }) => allReplicas(controlPlane),
      waitingFor: ({ controlPlane }) =>
        `all machines of ${label(controlPlane, 'control plane')} to be ready, available and up to date`,
    },
    {
      name: 'WaitingForMachines',
      holds: ({ machines }) =>
        machines !== undefined && machines.length > 0 && machines.every(settled),
      waitingFor: ({ machines }) => unsettledMachine(machines),
    },
    quiet('RollingOut', 'rolling out'),
    quiet('ScalingUp', 'scaling up'),
    quiet('ScalingDown', 'scaling down'),
    quiet('Remediating', 'remediating'),
    quiet('Deleting', 'deleting its machines'),
  ],
};

/** firstUnmet returns the first predicate that does not hold; undefined means that the gate is open. */
export function firstUnmet<Name extends GateReason>(
  gate: Gate<Name>,
  view: View,
): Predicate<Name> | undefined {
  return gate.predicates.find((predicate) => !predicate.holds(view));
}

/** Conditions that must be True, and conditions that must not be True. */
type Positive =
  'ControlPlaneInitialized' | 'RemoteConnectionProbe' | 'Initialized' | 'Ready' | 'Available';
type Negative = 'RollingOut' | 'ScalingUp' | 'ScalingDown' | 'Remediating' | 'Deleting';

type Part = 'cluster' | 'controlPlane' | 'agentInstallation';

function conditionOn<Type extends Positive>(
  part: Part,
  noun: string,
  type: Type,
): Predicate<`WaitingFor${Type}`> {
  return {
    name: `WaitingFor${type}`,
    holds: (view) => isTrue(view[part], type),
    waitingFor: (view) =>
      `${label(view[part], noun)} to report ${type}${because(view[part], type)}`,
  };
}

function present(part: Part, noun: string): Predicate<'WaitingForDeletion'> {
  return {
    name: 'WaitingForDeletion',
    holds: (view) => view[part]?.metadata.deletionTimestamp === undefined,
    waitingFor: (view) => `the deletion of ${label(view[part], noun)} to finish`,
  };
}

function fresh(part: Part, noun: string): Predicate<'WaitingForObservedGeneration'> {
  return {
    name: 'WaitingForObservedGeneration',
    holds: (view) => view[part] !== undefined && isFresh(view[part]),
    waitingFor: (view) => `the controller of ${label(view[part], noun)} to observe its latest spec`,
  };
}

function quiet<Type extends Negative>(
  type: Type,
  verb: string,
): Predicate<`WaitingForEndOf${Type}`> {
  return {
    name: `WaitingForEndOf${type}`,
    holds: ({ cluster, controlPlane }) => !mayBe(cluster, type) && !mayBe(controlPlane, type),
    waitingFor: ({ cluster, controlPlane }) => {
      const busy = mayBe(cluster, type) ? cluster : controlPlane;
      return `${label(busy, 'Cluster')} to finish ${verb}`;
    },
  };
}

/** mayBe reports whether a negative condition is not False: Unknown counts as "not yet" here too. */
function mayBe(object: KubeObject | undefined, type: string): boolean {
  const status = conditionOf(object, type)?.status;
  return status !== undefined && status !== 'False';
}

/** label returns kind, namespace and name of an object; the noun is used if the object does not exist. */
export function label(object: KubeObject | undefined, noun: string): string {
  if (object === undefined) return noun;
  const { namespace, name = '' } = object.metadata;
  return `${object.kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}

/** because returns the reason of the object's own condition; reasons are stable, messages can contain times. */
function because(object: KubeObject | undefined, type: string): string {
  const reason = conditionOf(object, type)?.reason;
  return reason === undefined ? '' : ` (${reason})`;
}

/** initialized reads a field of the contract: v1beta2 `status.initialization`, or its v1beta1 equivalent. */
function initialized(cluster: KubeObject | undefined, field: 'infrastructureProvisioned'): boolean {
  const status = recordIn(cluster, 'status');
  return (
    recordIn(status, 'initialization')?.[field] === true || status?.['infrastructureReady'] === true
  );
}

function hasEndpoint(cluster: KubeObject | undefined): boolean {
  const host = recordIn(recordIn(cluster, 'spec'), 'controlPlaneEndpoint')?.['host'];
  return typeof host === 'string' && host !== '';
}

/**
 * allReplicas waits for readyReplicas, which is updated after Available (facts/e2e.md 8). The v1beta1
 * contract has these counts in `status.v1beta2`.
 */
function allReplicas(controlPlane: KubeObject | undefined): boolean {
  const written = recordIn(controlPlane, 'status');
  const status = { ...written, ...recordIn(written, 'v1beta2') };
  const wanted = recordIn(controlPlane, 'spec')?.['replicas'];
  const counts = ['replicas', 'readyReplicas', 'availableReplicas', 'upToDateReplicas'];
  return wanted !== undefined && counts.every((field) => status[field] === wanted);
}

function settled(machine: KubeObject): boolean {
  return (
    machine.metadata.deletionTimestamp === undefined &&
    recordIn(recordIn(machine, 'status'), 'nodeRef') !== undefined &&
    isTrue(machine, 'Ready') &&
    !mayBe(machine, 'Updating')
  );
}

function unsettledMachine(machines: readonly KubeObject[] | undefined): string {
  const machine = machines
    ?.filter((candidate) => !settled(candidate))
    .toSorted((a, b) => compareText(a.metadata.name ?? '', b.metadata.name ?? ''))[0];
  if (machine === undefined) return 'the Machines of the cluster to be found';
  const name = label(machine, 'Machine');
  if (machine.metadata.deletionTimestamp !== undefined) return `the deletion of ${name} to finish`;
  return mayBe(machine, 'Updating') && isTrue(machine, 'Ready')
    ? `${name} to finish its update`
    : `${name} to have a ready Node${because(machine, 'Ready')}`;
}
