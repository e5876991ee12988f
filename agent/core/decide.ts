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
  controlPlaneStanding,
  reachable,
  waiting,
  type Standing,
} from './control-plane.ts';
import { obsoleteTemplates } from './garbage.ts';
import {
  decideLayers,
  isNodeLayer,
  type LayerDecision,
  type LayerState,
  type WantedLayer,
} from './layers.ts';
import type { Action, Machinery } from './machinery.ts';
import { healthCheckActions, obsoletePools, poolActions, poolStanding } from './pools.ts';
import {
  elsewhere,
  layersCondition,
  machineReport,
  machinesCondition,
  type MachineReport,
  type Report,
} from './report.ts';
import { sideOf, type Side } from './side.ts';
import { type PlanReading, readPlan, type WantedCluster } from './wanted-cluster.ts';

/** Facts are all that a pass has seen; nothing else decides. */
export interface Facts {
  readonly plan: ClusterPlanSpec;
  /** Namespace of the cluster, the same on both sides. */
  readonly namespace: string;
  readonly machinery: Machinery;
  /** Whether all of the machinery is known; while a list is still under way nothing may be deleted. */
  readonly complete: boolean;
  readonly layers: readonly WantedLayer[];
  readonly layerStates: readonly LayerState[];
  /** What the API server said to the last write of the machinery, when it refused it. */
  readonly refused: string | undefined;
  /** What was last reported, for as long as the machines are out of sight. */
  readonly reported: Pick<ClusterPlanStatus, 'controlPlane' | 'nodePools'>;
}

/** Decision is what is to be done now, in this order, and what is to be said. */
export interface Decision {
  readonly side: Side;
  readonly actions: readonly Action[];
  readonly layers: LayerDecision;
  readonly report: Report;
}

/** The part of a decision about machines. */
interface Machines {
  readonly actions: readonly Action[];
  readonly controlPlane: Standing;
  readonly workers: Standing;
  readonly report: MachineReport;
}

/**
 * decide is one pass of the agent: everything that it does and says follows from what it saw. `wanted` is
 * {@link readPlan} of the same plan, where it is known already.
 */
export function decide(
  facts: Facts,
  wanted: PlanReading = readPlan(facts.plan, facts.namespace),
): Decision {
  const { plan, machinery } = facts;
  const side = sideOf(machinery.cluster, plan.handedOver === true);
  const paused = plan.cluster['paused'] === true;
  const machines =
    wanted.kind === 'Unusable'
      ? unusable(wanted.message, facts)
      : decideMachines(wanted.cluster, side, paused, facts);
  const layers = decideLayers({
    side,
    paused,
    controlPlaneDone: machines.controlPlane.done,
    wanted: facts.layers,
    states: facts.layerStates,
  });
  const status = { ...machines.report, layers: layers.reports };
  const conditions = [...machineConditions(machines), ...layerConditions(facts, layers)];
  return { side, actions: machines.actions, layers, report: { status, conditions } };
}

function decideMachines(
  wanted: WantedCluster,
  side: Side,
  paused: boolean,
  facts: Facts,
): Machines {
  const { machinery, reported, complete } = facts;
  const away = elsewhere(side, paused);
  if (side === 'BeforePivot' || side === 'TakenBack') return idle(away, {});
  if (side === 'Moving') return idle(away, reported);
  const { cluster: now, blocked } = reachable(wanted, machinery);
  const controlPlane = controlPlaneStanding(now.input, machinery);
  const report = machineReport(now.input, machinery);
  const workers = workersStanding(now, machinery);
  // Paused: nothing changes, and what was ready is still said to be.
  if (away !== undefined) {
    return {
      actions: [],
      controlPlane: controlPlane.done ? controlPlane : away,
      workers: workers.done ? workers : away,
      report,
    };
  }
  const writes = complete ? machineActions(now, machinery, controlPlane.done) : [];
  return {
    actions: writes,
    controlPlane: refusedOr(controlPlane, facts.refused, blocked),
    workers,
    report,
  };
}

/** What the control plane needs is written first; what the plan no longer has goes last. */
function machineActions(
  wanted: WantedCluster,
  machinery: Machinery,
  controlPlaneDone: boolean,
): readonly Action[] {
  const { input } = wanted;
  return [
    ...controlPlaneActions(wanted, machinery),
    ...poolActions(wanted, machinery, controlPlaneDone),
    ...healthCheckActions(input, machinery),
    ...obsoletePools(input, machinery),
    ...obsoleteTemplates(wanted, machinery),
  ];
}

function workersStanding({ input, pools }: WantedCluster, machinery: Machinery): Standing {
  const standings = pools.map((pool) => poolStanding(input, pool, machinery));
  return standings.find((standing) => !standing.done) ?? { done: true };
}

function refusedOr(
  standing: Standing,
  refused: string | undefined,
  blocked: string | undefined,
): Standing {
  if (refused !== undefined)
    return waiting('WriteRefused', `the API server to accept a change: ${refused}`);
  if (blocked !== undefined)
    return waiting('VersionNotReachable', `another version in the claim: ${blocked}`);
  return standing;
}

function idle(standing: Standing | undefined, report: MachineReport): Machines {
  const both = standing ?? { done: true };
  return { actions: [], controlPlane: both, workers: both, report };
}

function unusable(message: string, { reported }: Facts): Machines {
  return idle(waiting('UnusablePlan', `a plan that can be carried out. ${message}`), reported);
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
  { layers }: Facts,
  { reports }: LayerDecision,
): readonly NextCondition<PlanReason>[] {
  // Of the plan alone: one that can't be removed is reported, but nothing waits for it.
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
