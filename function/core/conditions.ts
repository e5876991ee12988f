import { FORGOTTEN } from '../../lib/apis/forgotten.ts';
import type { ClusterReason } from '../../lib/apis/reasons/managed-cluster.ts';
import { relayed } from '../../lib/apis/reasons/reason-list.ts';
import { type Condition, conditionOf, isFresh } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { cutText, LONGEST_CONDITION } from '../../lib/core/reported.ts';
import type { Facts } from './facts.ts';
import type { Gate, Predicate, View } from '../../capi/gates.ts';
import { hasReached, type Phase } from './phase.ts';
import type { Problem } from './problem.ts';

/** OwnCondition is a condition that the function sets; Crossplane adds the transition time. */
export interface OwnCondition {
  readonly type: string;
  readonly status: 'True' | 'False' | 'Unknown';
  readonly reason: ClusterReason;
  readonly message: string;
}

/** The agent reports these in the status of its ClusterPlan; they are copied unchanged. */
const REPORTED = ['ControlPlaneReady', 'WorkersReady', 'AddOnsReady', 'AgentConnected'] as const;

/**
 * conditionsIn returns the conditions of composite and claim, in the order in which they become True
 * (DESIGN 3). All have positive polarity, so that `kubectl wait --for=condition=…` works on each. No
 * message contains a time, so that conditions do not flap. `Operational` is the summary: Ready of a claim
 * only says that it was copied (facts/argocd.md 4).
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
  return [...steps, operational(steps)].map(plain);
}

/** Characters of a message: enough for all problems of a claim, within the limit of our schema. */
const LONGEST = 8192;

/** Parts of messages come from the cluster, and from objects that others write. */
function plain(condition: OwnCondition): OwnCondition {
  return { ...condition, message: cutText(condition.message, LONGEST) };
}

/** ClaimState is the state of the claim itself for the conditions. */
export interface ClaimState {
  readonly problems: readonly Problem[];
  readonly paused: boolean;
}

/** For a claim that was never accepted nothing has been created, so there is nothing to wait for. */
const UNBEGUN = ['InfrastructureReady', 'ControlPlaneInitialized', 'AgentInstalled', 'Pivoted'].map(
  (type) => notYet(type, 'WaitingForAcceptance', 'Waiting for the claim to be accepted'),
);

function neverBegun({ problems }: ClaimState, { view, waitsAtG1 }: Facts): boolean {
  return problems.length > 0 && waitsAtG1 !== undefined && view.cluster === undefined;
}

/** What is not adopted yet may not even be there. */
const UNADOPTED = ['InfrastructureReady', 'ControlPlaneInitialized', 'AgentInstalled'].map((type) =>
  notYet(type, 'WaitingForAdoption', 'Waiting for the Pivot to adopt the cluster'),
);

function begun(phase: Phase, facts: Facts): readonly OwnCondition[] {
  if (facts.adopting) return [...UNADOPTED, pivoted(phase, facts)];
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
      ? 'The claim is valid; nothing is changed while spec.paused is true'
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
    return {
      type,
      status: 'True',
      reason: 'Provisioned',
      message: 'The infrastructure is provisioned',
    };
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
    `Waiting for the AgentInstallation to be ready${why}`,
  );
}

function pivoted(phase: Phase, facts: Facts): OwnCondition {
  const type = 'Pivoted';
  if (facts.unreleased.length > 0) {
    return notYet(
      type,
      'ReleaseIncomplete',
      `Waiting for the release of ${facts.unreleased.join(', ')}: Crossplane still controls these objects and would delete them, so they are kept; see the conditions of the Pivot`,
    );
  }
  if (facts.committed) {
    return { type, status: 'True', reason: 'Committed', message: 'The cluster manages itself' };
  }
  if (facts.forgotten) return notYet(type, 'SelfManagedAlready', FORGOTTEN);
  if (facts.waitsAtG2 !== undefined) {
    const early = !hasReached(phase, 'InstallingAgent');
    return early
      ? notYet(type, 'WaitingForControlPlane', 'Waiting for gate G1')
      : gateCondition(type, 'G2', facts.waitsAtG2, facts.view);
  }
  const own = conditionOf(facts.pivot, 'Ready');
  const why = own?.message === undefined || own.message === '' ? '' : `: ${own.message}`;
  return notYet(
    type,
    relayed(own) ?? 'WaitingForProvider',
    `Waiting for the Pivot to commit${why}`,
  );
}

function reported(type: (typeof REPORTED)[number], facts: Facts): OwnCondition {
  const revoked = type === 'AgentConnected' ? revokedIn(facts) : undefined;
  return revoked ?? reportedByAgent(type, facts);
}

/** What the agent said before it was cut off is no longer known to be true. */
function revokedIn({ view }: Facts): OwnCondition | undefined {
  const installed = conditionOf(view.agentInstallation, 'Ready');
  if (installed?.reason !== 'AgentRevoked') return undefined;
  return notYet('AgentConnected', 'AgentRevoked', installed.message ?? '');
}

function reportedByAgent(type: (typeof REPORTED)[number], { plan }: Facts): OwnCondition {
  const own = conditionOf(plan, type);
  if (own === undefined) return notYet(type, 'WaitingForAgent', 'Waiting for the agent to report');
  // True for another plan does not mean True for this one; the connection does not depend on the plan.
  const other = type !== 'AgentConnected' && own.status === 'True' ? notFollowed(plan) : undefined;
  if (other !== undefined) return notYet(type, other.reason, other.message);
  const status = own.status === 'True' || own.status === 'False' ? own.status : 'Unknown';
  return {
    type,
    status,
    reason: reasonOf(own),
    message: cutText(own.message ?? '', LONGEST_CONDITION),
  };
}

/** Why the agent does not follow the plan as it is; undefined if it does. */
function notFollowed(
  plan: KubeObject | undefined,
): Pick<OwnCondition, 'reason' | 'message'> | undefined {
  const ofPlan = conditionOf(plan, 'PlanAccepted');
  if (ofPlan?.status === 'False') {
    const message = cutText(ofPlan.message ?? '', LONGEST_CONDITION);
    return { reason: reasonOf(ofPlan), message };
  }
  if (plan === undefined || isFresh(plan)) return undefined;
  return {
    reason: 'WaitingForAgent',
    message: 'Waiting for the agent to observe the latest plan',
  };
}

/** The reason of a condition that the cluster reports, if it is one as the API conventions define it. */
function reasonOf(condition: Condition): ClusterReason {
  const isReason = /^[A-Za-z][A-Za-z0-9_,:]{0,127}$/.test(condition.reason ?? '');
  return (isReason ? relayed(condition) : undefined) ?? 'Reported';
}

function operational(steps: readonly OwnCondition[]): OwnCondition {
  const type = 'Operational';
  // Pivoted says more than those that wait for it.
  const open =
    steps.find(({ reason }) => reason === 'SelfManagedAlready') ??
    steps.find(({ status, reason }) => status !== 'True' && reason !== 'WaitingForAdoption');
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
