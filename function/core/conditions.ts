import type { ClusterReason } from '../../lib/apis/reasons/managed-cluster.ts';
import { relayed } from '../../lib/apis/reasons/reason-list.ts';
import { conditionOf, isFresh } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { Facts } from './facts.ts';
import type { Gate, Predicate, View } from '../../capi/gates.ts';
import { hasReached, type Phase } from './phase.ts';
import type { Problem } from './problem.ts';

/** OwnCondition is a condition that the function sets; Crossplane adds the time. */
export interface OwnCondition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: ClusterReason;
  readonly message: string;
}

/** The agent reports these in the status of its ClusterPlan; they are shown as it says them. */
const REPORTED = ['ControlPlaneReady', 'WorkersReady', 'AddOnsReady', 'AgentConnected'] as const;

/**
 * conditionsIn are the conditions of composite and claim, in the order in which they come true
 * (DESIGN 3). All are positive, so that `kubectl wait --for=condition=…` works on each; none holds a
 * time, so that nothing flaps. `Operational` is the summary: a claim's own Ready tells only that it
 * was copied (facts/argocd.md 4).
 */
export function conditionsIn(
  phase: Phase,
  facts: Facts,
  claim: ClaimState,
): readonly OwnCondition[] {
  const steps = [
    accepted(claim),
    ...(neverBegun(claim, facts) ? UNBEGUN : begun(phase, facts)),
    ...REPORTED.map((type) => reported(type, facts)),
  ];
  return [...steps, operational(steps)];
}

/** ClaimState is what the conditions tell of the claim itself. */
export interface ClaimState {
  readonly problems: readonly Problem[];
  readonly paused: boolean;
}

/** A claim that was never accepted has nothing under way that could be waited for. */
const UNBEGUN = ['InfrastructureReady', 'ControlPlaneInitialized', 'AgentInstalled', 'Pivoted'].map(
  (type) => notYet(type, 'WaitingForAcceptance', 'Waiting for the claim to be accepted'),
);

function neverBegun({ problems }: ClaimState, { view, waitsAtG1 }: Facts): boolean {
  return problems.length > 0 && waitsAtG1 !== undefined && view.cluster === undefined;
}

function begun(phase: Phase, facts: Facts): readonly OwnCondition[] {
  return [
    infrastructureReady(phase, facts),
    gateCondition('ControlPlaneInitialized', 'G1', facts.waitsAtG1, facts.view),
    agentInstalled(phase, facts),
    pivoted(phase, facts),
  ];
}

function accepted({ problems, paused }: ClaimState): OwnCondition {
  const [first] = problems;
  if (first === undefined) {
    const message = paused
      ? 'The claim is valid; spec.paused is true, so nothing is changed until it is false'
      : 'The claim is valid';
    return { type: 'Accepted', status: 'True', reason: paused ? 'Paused' : 'Accepted', message };
  }
  const message = problems.map((problem) => problem.message).join('; ');
  return { type: 'Accepted', status: 'False', reason: first.reason, message };
}

function infrastructureReady(phase: Phase, { view }: Facts): OwnCondition {
  const type = 'InfrastructureReady';
  const own = conditionOf(view.cluster, type);
  if (own?.status === 'True' || hasReached(phase, 'InstallingAgent')) {
    return { type, status: 'True', reason: 'Provisioned', message: 'The infrastructure is there' };
  }
  const kind = view.infrastructureCluster?.kind ?? 'the infrastructure cluster';
  const message = `Waiting for ${kind} to be provisioned${own?.reason === undefined ? '' : ` (${own.reason})`}`;
  return { type, status: 'False', reason: 'WaitingForInfrastructure', message };
}

function gateCondition(
  type: string,
  gate: Gate['name'],
  unmet: Predicate | undefined,
  view: View,
): OwnCondition {
  return unmet === undefined
    ? {
        type,
        status: 'True',
        reason: 'GateOpen',
        message: `The first control plane machine is operational: gate ${gate} is open`,
      }
    : {
        type,
        status: 'False',
        reason: unmet.name,
        message: `Gate ${gate}: waiting for ${unmet.waitingFor(view)}`,
      };
}

function agentInstalled(phase: Phase, { view }: Facts): OwnCondition {
  const type = 'AgentInstalled';
  if (!hasReached(phase, 'InstallingAgent')) {
    return notYet(type, 'WaitingForControlPlane', 'Waiting for gate G1');
  }
  const own = conditionOf(view.agentInstallation, 'Ready');
  if (own?.status === 'True' || hasReached(phase, 'Pivoting')) {
    return { type, status: 'True', reason: 'Installed', message: 'The agent is installed' };
  }
  const why = own?.message === undefined || own.message === '' ? '' : `: ${own.message}`;
  return notYet(
    type,
    relayed(own) ?? 'WaitingForProvider',
    `Waiting for AgentInstallation to be ready${why}`,
  );
}

function pivoted(phase: Phase, facts: Facts): OwnCondition {
  const type = 'Pivoted';
  if (facts.unreleased.length > 0) {
    return notYet(
      type,
      'ReleaseIncomplete',
      `Waiting for the release of ${facts.unreleased.join(', ')}: still controlled by Crossplane, and kept, because dropping would delete; see the conditions of the Pivot`,
    );
  }
  if (facts.committed) {
    return { type, status: 'True', reason: 'Committed', message: 'The cluster manages itself' };
  }
  if (facts.waitsAtG2 !== undefined) {
    const early = !hasReached(phase, 'InstallingAgent');
    return early
      ? notYet(type, 'WaitingForControlPlane', 'Waiting for gate G1')
      : gateCondition(type, 'G2', facts.waitsAtG2, facts.view);
  }
  const own = conditionOf(facts.pivot, 'Ready');
  const why = own?.message === undefined || own.message === '' ? '' : `: ${own.message}`;
  return notYet(type, relayed(own) ?? 'WaitingForProvider', `Waiting for Pivot to commit${why}`);
}

function reported(type: (typeof REPORTED)[number], { plan }: Facts): OwnCondition {
  const own = conditionOf(plan, type);
  if (own === undefined) return notYet(type, 'WaitingForAgent', 'Waiting for the agent to report');
  // What was true of an older plan need not be of this one; a connection has nothing to do with it.
  if (type !== 'AgentConnected' && own.status === 'True' && isOutdated(plan)) {
    return notYet(type, 'WaitingForAgent', 'Waiting for the agent to take in the newest plan');
  }
  const status = own.status === 'True' || own.status === 'False' ? own.status : 'Unknown';
  return { type, status, reason: relayed(own) ?? 'Reported', message: own.message ?? '' };
}

function isOutdated(plan: KubeObject | undefined): boolean {
  return plan !== undefined && !isFresh(plan);
}

function operational(steps: readonly OwnCondition[]): OwnCondition {
  const type = 'Operational';
  const open = steps.find(({ status }) => status !== 'True');
  return open === undefined
    ? {
        type,
        status: 'True',
        reason: 'Operational',
        message: 'The cluster is complete and manages itself',
      }
    : notYet(type, open.reason, `${open.type}: ${open.message}`);
}

function notYet(type: string, reason: ClusterReason, message: string): OwnCondition {
  return { type, status: 'False', reason, message };
}
