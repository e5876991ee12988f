import type { EventReason } from '../../lib/apis/reasons.ts';
import type { ClusterEventReason } from '../../lib/apis/reasons/managed-cluster.ts';
import type { Condition } from '../../lib/core/conditions.ts';
import type { OwnCondition } from './conditions.ts';
import { ownCondition, statusOf, type Observed } from './observed.ts';
import type { Phase } from './phase.ts';

/** Event is told once, to composite and claim. */
export interface Event {
  readonly severity: 'Normal' | 'Warning';
  readonly reason: EventReason;
  readonly message: string;
}

const SENTENCE: Readonly<Record<Phase, string>> = {
  Provisioning: 'Provisioning the first control plane machine',
  InstallingAgent: 'The first control plane machine is operational; installing the agent',
  Pivoting: 'The agent is installed; handing the cluster over to itself',
  SelfManaged: 'The cluster manages itself',
};

/**
 * eventsOf are the transitions between the last call and this one, and nothing else: a function must
 * not repeat itself (core contributing/specifications/functions.md).
 */
export function eventsOf(
  phase: Phase,
  conditions: readonly OwnCondition[],
  { composite }: Observed,
): readonly Event[] {
  const now = conditions.find(({ type }) => type === 'Accepted');
  const before = ownCondition(composite, 'Accepted');
  return [...acceptance(now, before), ...transition(phase, now?.status === 'True', composite)];
}

function acceptance(
  now: OwnCondition | undefined,
  before: Condition | undefined,
): readonly Event[] {
  if (now?.status === 'True') {
    return before?.status === 'False' ? [normal('Accepted', 'The claim is valid again')] : [];
  }
  const told = now === undefined || now.message === before?.message;
  return told ? [] : [{ severity: 'Warning', reason: now.reason, message: now.message }];
}

/** What was accepted once goes on when a change is refused; what never was has not begun. */
function transition(
  phase: Phase,
  accepted: boolean,
  composite: Observed['composite'],
): readonly Event[] {
  const before = statusOf(composite)['phase'];
  return before === phase || (before === undefined && !accepted)
    ? []
    : [normal(phase, SENTENCE[phase])];
}

function normal(reason: ClusterEventReason, message: string): Event {
  return { severity: 'Normal', reason, message };
}
