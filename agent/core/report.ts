import type {
  ClusterPlan,
  ClusterPlanStatus,
  LayerStatus,
  NodePoolStatus,
} from '../../lib/apis/cluster-plan.generated.ts';
import type { ClusterInput } from '../../capi/cloud.ts';
import { poolName } from '../../capi/object-names.ts';
import type {
  LayersReason,
  MachinesReason,
  PlanReason,
} from '../../lib/apis/reasons/cluster-plan.ts';
import type { NextCondition } from '../../lib/core/set-condition.ts';
import type { Completion } from './control-plane.ts';
import {
  controlPlaneMachines,
  isReady,
  machinesOf,
  versionOf,
  type ClusterState,
} from './cluster-state.ts';
import { replicasOf } from './pools.ts';
import type { OwnershipState } from './ownership-state.ts';
import type { Lineage } from './plan-lineage.ts';
import { oldest } from './versions.ts';

/** Report is what the agent reports, without timestamps. */
export interface Report {
  readonly status: Pick<ClusterPlanStatus, 'controlPlane' | 'nodePools' | 'layers'>;
  readonly conditions: readonly NextCondition<PlanReason>[];
}

/** Offer is a lineage to write into the status of exactly this plan, as it was when the agent decided. */
export interface Offer {
  readonly plan: ClusterPlan | undefined;
  readonly lineage: Lineage;
}

/** Machines is the part of a report about machines. */
export type MachineReport = Pick<Report['status'], 'controlPlane' | 'nodePools'>;

/** machineReport counts the machines in this API server. */
export function machineReport(input: ClusterInput, state: ClusterState): MachineReport {
  const own = controlPlaneMachines(state.machines);
  return {
    controlPlane: counts(own, input.spec.controlPlane.replicas),
    nodePools: input.spec.nodePools.map((pool): NodePoolStatus => {
      const name = poolName(input, pool);
      const deployment = state.deployments.find(({ metadata }) => metadata.name === name);
      const desired = pool.replicas ?? replicasOf(deployment);
      const machines = deployment === undefined ? [] : machinesOf(state.machines, name);
      return { name: pool.name, ...counts(machines, desired) };
    }),
  };
}

/** machinesCondition is the condition of the control plane or of the workers. */
export function machinesCondition(
  type: 'ControlPlaneReady' | 'WorkersReady',
  completion: Completion,
  done: { readonly reason: MachinesReason; readonly message: string },
): NextCondition<MachinesReason> {
  if (completion.done) return { type, status: 'True', ...done };
  const message = `Waiting for ${completion.waitingFor}`;
  return { type, status: 'False', reason: completion.reason, message };
}

/** elsewhere is the Completion while this side must not change machines; undefined when it may. */
export function elsewhere(ownership: OwnershipState, paused: boolean): Completion | undefined {
  if (paused) {
    return {
      done: false,
      reason: 'Paused',
      waitingFor: 'spec.paused of the claim to be false',
    };
  }
  switch (ownership) {
    case 'BeforePivot':
      return {
        done: false,
        reason: 'WaitingForPivot',
        waitingFor: 'the pivot to this cluster',
      };
    case 'Moving':
      return { done: false, reason: 'Moving', waitingFor: 'the current pivot to finish' };
    case 'TakenBack':
      return {
        done: false,
        reason: 'TakenBack',
        waitingFor: 'a new pivot to this cluster: the management side owns it again',
      };
    case 'Paused':
      return {
        done: false,
        reason: 'Paused',
        waitingFor: `spec.paused of the Cluster in the workload cluster to be false`,
      };
    case 'Ours':
      return undefined;
  }
}

/** layersCondition summarizes a group of layers; the noun is their name in plural. */
export function layersCondition(
  type: 'NodeLayersReady' | 'AddOnsReady',
  noun: string,
  layers: readonly LayerStatus[],
): NextCondition<LayersReason> {
  if (layers.length === 0) {
    return { type, status: 'True', reason: 'NoLayers', message: `The plan has no ${noun}` };
  }
  const first =
    layers.find(({ phase }) => phase === 'Failed') ?? layers.find(({ phase }) => phase !== 'Ready');
  if (first === undefined) {
    const message = `All ${layers.length} ${noun} are ready`;
    return { type, status: 'True', reason: 'Ready', message };
  }
  const { name, phase, message = 'Being installed' } = first;
  const reason = phase === 'Ready' ? 'Installing' : phase;
  return { type, status: 'False', reason, message: `Layer ${name}: ${message}` };
}

function counts(
  machines: ClusterState['machines'],
  desired: number,
): { readonly desired: number; readonly ready: number; readonly version?: string } {
  const versions = machines.map(versionOf).filter((version) => version !== undefined);
  // The version that runs, never the desired one; absent without machines.
  const version = oldest(versions);
  return {
    desired,
    ready: machines.filter(isReady).length,
    ...(version === undefined ? {} : { version }),
  };
}
