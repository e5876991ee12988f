import type {
  ClusterPlanSpec,
  ClusterPlanStatus,
  LayerStatus,
  PlanLayer,
} from '../../lib/apis/cluster-plan.generated.ts';
import type { PlanReason } from '../../lib/apis/reasons/cluster-plan.ts';
import type { NextCondition } from '../../lib/core/set-condition.ts';
import {
  controlPlaneActions,
  controlPlaneCompletion,
  reachable,
  waiting,
  type Completion,
} from './control-plane.ts';
import { obsoleteTemplates } from './garbage.ts';
import {
  decideLayers,
  isNodeLayer,
  type LayerDecision,
  type LayerState,
  type WantedLayer,
} from './layers.ts';
import type { Action, ClusterState } from './cluster-state.ts';
import { healthCheckActions, obsoletePools, poolActions, poolCompletion } from './pools.ts';
import {
  elsewhere,
  layersCondition,
  machineReport,
  machinesCondition,
  type MachineReport,
  type Report,
} from './report.ts';
import { ownershipStateOf, type OwnershipState } from './ownership-state.ts';
import { type PlanReading, readPlan, type WantedCluster } from './wanted-cluster.ts';

/** Observation is everything that a pass has observed; decisions depend on nothing else. */
export interface Observation {
  readonly plan: ClusterPlanSpec;
  /** Namespace of the cluster, the same on both sides. */
  readonly namespace: string;
  readonly state: ClusterState;
  /** Whether all lists are complete; nothing may be deleted before. */
  readonly complete: boolean;
  readonly layers: readonly WantedLayer[];
  readonly layerStates: readonly LayerState[];
  /** The error of the API server if it rejected the last write. */
  readonly refused: string | undefined;
  /** The last report, kept while the machines cannot be observed. */
  readonly reported: Pick<ClusterPlanStatus, 'controlPlane' | 'nodePools'>;
}

/** Decision is the ordered actions to perform now, and the report. */
export interface Decision {
  readonly ownership: OwnershipState;
  readonly actions: readonly Action[];
  readonly layers: LayerDecision;
  readonly report: Report;
}

/** The part of a decision about machines. */
interface Machines {
  readonly actions: readonly Action[];
  readonly controlPlane: Completion;
  readonly workers: Completion;
  readonly report: MachineReport;
}

/**
 * decide is one pass of the agent: its actions and report follow from the observation. `wanted` is
 * {@link readPlan} of the same plan, if it is known already.
 */
export function decide(
  observation: Observation,
  wanted: PlanReading = readPlan(observation.plan, observation.namespace),
): Decision {
  const { plan, state } = observation;
  const ownership = ownershipStateOf(state.cluster, plan.handedOver === true);
  const paused = plan.cluster['paused'] === true;
  const machines =
    wanted.kind === 'Unusable'
      ? unusable(wanted.message, observation)
      : decideMachines(wanted.cluster, ownership, paused, observation);
  const layers = decideLayers({
    ownership,
    paused,
    controlPlaneDone: machines.controlPlane.done,
    wanted: observation.layers,
    states: observation.layerStates,
  });
  const status = { ...machines.report, layers: layers.reports };
  const conditions = [...machineConditions(machines), ...layerConditions(observation, layers)];
  return { ownership, actions: machines.actions, layers, report: { status, conditions } };
}

function decideMachines(
  wanted: WantedCluster,
  ownership: OwnershipState,
  paused: boolean,
  observation: Observation,
): Machines {
  const { state, reported, complete } = observation;
  const away = elsewhere(ownership, paused);
  if (ownership === 'BeforePivot' || ownership === 'TakenBack') return idle(away, {});
  if (ownership === 'Moving') return idle(away, reported);
  const { cluster: now, blocked } = reachable(wanted, state);
  const controlPlane = controlPlaneCompletion(now.input, state);
  const report = machineReport(now.input, state);
  const workers = workersCompletion(now, state);
  // Paused: nothing is changed, and machines that are ready are still reported as ready.
  if (away !== undefined) {
    return {
      actions: [],
      controlPlane: controlPlane.done ? controlPlane : away,
      workers: workers.done ? workers : away,
      report,
    };
  }
  const writes = complete ? machineActions(now, state, controlPlane.done) : [];
  return {
    actions: writes,
    controlPlane: refusedOr(controlPlane, observation.refused, blocked),
    workers,
    report,
  };
}

/** Dependencies of the control plane are written first; objects that left the plan are deleted last. */
function machineActions(
  wanted: WantedCluster,
  state: ClusterState,
  controlPlaneDone: boolean,
): readonly Action[] {
  const { input } = wanted;
  return [
    ...controlPlaneActions(wanted, state),
    ...poolActions(wanted, state, controlPlaneDone),
    ...healthCheckActions(input, state),
    ...obsoletePools(input, state),
    ...obsoleteTemplates(wanted, state),
  ];
}

function workersCompletion({ input, pools }: WantedCluster, state: ClusterState): Completion {
  const completions = pools.map((pool) => poolCompletion(input, pool, state));
  return completions.find((completion) => !completion.done) ?? { done: true };
}

function refusedOr(
  completion: Completion,
  refused: string | undefined,
  blocked: string | undefined,
): Completion {
  if (refused !== undefined)
    return waiting('WriteRefused', `the API server to accept a change: ${refused}`);
  if (blocked !== undefined)
    return waiting('VersionNotReachable', `a reachable version in the claim: ${blocked}`);
  return completion;
}

function idle(completion: Completion | undefined, report: MachineReport): Machines {
  const both = completion ?? { done: true };
  return { actions: [], controlPlane: both, workers: both, report };
}

function unusable(message: string, { reported }: Observation): Machines {
  return idle(waiting('UnusablePlan', `a valid plan. ${message}`), reported);
}

function machineConditions({
  controlPlane,
  workers,
  report,
}: Machines): readonly NextCondition<PlanReason>[] {
  const { ready = 0, version = '' } = report.controlPlane ?? {};
  const pools = report.nodePools ?? [];
  const count = pools.reduce((sum, pool) => sum + (pool.ready ?? 0), 0);
  return [
    machinesCondition('ControlPlaneReady', controlPlane, {
      reason: 'Ready',
      message: `All ${ready} control plane machines are ready at ${version}`,
    }),
    machinesCondition('WorkersReady', workers, {
      reason: pools.length === 0 ? 'NoNodePools' : 'Ready',
      message:
        pools.length === 0
          ? 'The plan has no node pools'
          : `All ${count} machines of ${pools.length} node pools are ready`,
    }),
  ];
}

function layerConditions(
  { layers }: Observation,
  { reports }: LayerDecision,
): readonly NextCondition<PlanReason>[] {
  // Only layers of the plan: a layer that cannot be removed is reported, but nothing waits for it.
  function stand(isWanted: (layer: PlanLayer) => boolean): readonly LayerStatus[] {
    const names = layers.filter(({ layer }) => isWanted(layer)).map(({ layer }) => layer.name);
    return reports.filter(({ name }) => names.includes(name));
  }
  const addOns = stand((layer) => !isNodeLayer(layer));
  return [
    layersCondition('NodeLayersReady', 'layers that nodes need', stand(isNodeLayer)),
    layersCondition('AddOnsReady', 'add-on layers', addOns),
  ];
}
