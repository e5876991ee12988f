import { HEARTBEAT_SECONDS, HEARTBEATS_MISSED } from '../../../lib/apis/agent.ts';
import { MACHINES_REASONS as REASONS } from '../../../lib/apis/reasons/cluster-plan.ts';
import { ACCEPTED_REASONS } from '../../../lib/apis/reasons/managed-cluster.ts';
import { conditionOf } from '../../../lib/core/conditions.ts';
import { isRecord, recordIn } from '../../../lib/core/object.ts';
import { duration, secondsBetween } from '../duration.ts';
import {
  adviceOn,
  findingOf,
  ofCondition,
  said,
  type Advice,
  type Finding,
  type Rule,
} from '../finding.ts';
import { headOf, type Snapshot } from '../snapshot.ts';
import {
  ANYTHING,
  LAYER_FAILED,
  LAYER_INSTALLING,
  LAYERS_REASONS,
  MACHINES_REASONS,
  PLAN_REASONS,
  SILENT,
} from './agent-advice.ts';

const BEHIND: Advice = {
  why: 'The agent still follows an older plan. It reads a new plan within seconds while it is connected.',
  usualSeconds: 60,
  next: [
    {
      do: 'see what the agent reports',
      run: '{kubectl} -n {namespace} describe clusterplans.m.managedcluster.io/{name}',
    },
  ],
};

/** agent reports the heartbeat of the agent, and what it reports about plan, machines and layers. */
export const agent: Rule = (snapshot) => {
  const head = headOf(snapshot);
  if (head?.metadata.deletionTimestamp !== undefined || snapshot.plan === undefined) return [];
  return [
    ...silence(snapshot),
    ...refusedPlan(snapshot),
    ...behind(snapshot),
    ...layers(snapshot),
    ...conditions(snapshot),
  ];
};

/** heartbeatSeconds is the time since the agent renewed its Lease; undefined if it never did. */
export function heartbeatSeconds({ heartbeat, takenAt }: Snapshot): number | undefined {
  const renewed = recordIn(heartbeat, 'spec')?.['renewTime'];
  return typeof renewed === 'string' ? secondsBetween(renewed, takenAt) : undefined;
}

function silence(snapshot: Snapshot): readonly Finding[] {
  const { plan, heartbeat } = snapshot;
  const seconds = heartbeatSeconds(snapshot);
  if (seconds === undefined) {
    const connected = conditionOf(plan, 'AgentConnected');
    if (connected?.status !== 'False') return [];
    const evidence = ofCondition(plan, connected, `The agent is not connected: ${said(connected)}`);
    return [findingOf(snapshot, { ...evidence, reason: 'AgentSilent' }, SILENT)];
  }
  if (seconds <= HEARTBEAT_SECONDS * HEARTBEATS_MISSED) return [];
  const renewed = recordIn(heartbeat, 'spec')?.['renewTime'];
  const evidence = {
    reason: 'AgentSilent',
    object: heartbeat,
    what: `The last heartbeat of the agent was ${duration(seconds)} ago`,
    since: typeof renewed === 'string' ? renewed : undefined,
  };
  return [findingOf(snapshot, evidence, SILENT)];
}

/** Only PlanAccepted shows that the agent rejects a plan, or that the plan was edited there. */
function refusedPlan(snapshot: Snapshot): readonly Finding[] {
  const evidence = ofCondition(snapshot.plan, conditionOf(snapshot.plan, 'PlanAccepted'));
  const advice = adviceOn(PLAN_REASONS, evidence.reason);
  return advice === undefined ? [] : [findingOf(snapshot, evidence, advice)];
}

function behind(snapshot: Snapshot): readonly Finding[] {
  const { plan } = snapshot;
  const seen = recordIn(plan, 'status')?.['observedGeneration'];
  const wanted = plan?.metadata.generation;
  if (typeof seen !== 'number' || wanted === undefined || seen === wanted) return [];
  const what = `The agent follows generation ${seen} of the plan; the current generation is ${wanted}`;
  return [findingOf(snapshot, { reason: 'PlanNotTakenIn', object: plan, what }, BEHIND)];
}

function layers(snapshot: Snapshot): readonly Finding[] {
  const { plan } = snapshot;
  const reported: unknown = recordIn(plan, 'status')?.['layers'];
  if (!Array.isArray(reported)) return [];
  return reported.filter(isRecord).flatMap(({ name, phase, message }) => {
    if (phase !== 'Failed' && phase !== 'Installing') return [];
    const failed = phase === 'Failed';
    const text = typeof message === 'string' && message !== '' ? `: ${message}` : '';
    const evidence = {
      reason: failed ? 'LayerFailed' : 'LayerInstalling',
      object: plan,
      what: `Layer ${String(name)} ${failed ? 'has failed' : 'is being installed'}${text}`,
    };
    return [findingOf(snapshot, evidence, failed ? LAYER_FAILED : LAYER_INSTALLING)];
  });
}

/** Reasons that only refer to an earlier stage, which has its own finding. */
function isConsequence(snapshot: Snapshot, reason: string): boolean {
  if (reason === REASONS.Paused) {
    return conditionOf(headOf(snapshot), 'Accepted')?.reason === ACCEPTED_REASONS.Paused;
  }
  return reason === REASONS.WaitingForPivot || reason === REASONS.Moving;
}

/** Summary conditions of the agent; those of layers only when no single layer has a finding. */
function conditions(snapshot: Snapshot): readonly Finding[] {
  const { plan } = snapshot;
  const sums = layers(snapshot).length > 0 ? MACHINES : [...MACHINES, ...LAYERS];
  return sums.flatMap(({ type, isCalled, advice }) => {
    const condition = conditionOf(plan, type);
    const evidence = ofCondition(plan, condition);
    if (condition?.status !== 'False' || isConsequence(snapshot, evidence.reason)) return [];
    const known = adviceOn(advice, evidence.reason) ?? ANYTHING;
    return [findingOf(snapshot, { ...evidence, reason: isCalled }, known)];
  });
}

const MACHINES = [
  { type: 'ControlPlaneReady', isCalled: 'ControlPlaneNotReady', advice: MACHINES_REASONS },
  { type: 'WorkersReady', isCalled: 'WorkersNotReady', advice: MACHINES_REASONS },
];
const LAYERS = [
  { type: 'NodeLayersReady', isCalled: 'NodeLayersNotReady', advice: LAYERS_REASONS },
  { type: 'AddOnsReady', isCalled: 'AddOnsNotReady', advice: LAYERS_REASONS },
];
