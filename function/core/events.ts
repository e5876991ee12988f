import type { EventReason } from '../../lib/apis/reasons.ts';
import type { ClusterEventReason } from '../../lib/apis/reasons/managed-cluster.ts';
import type { Condition } from '../../lib/core/conditions.ts';
import { recordIn } from '../../lib/core/object.ts';
import type { OwnCondition } from './conditions.ts';
import { ownCondition, statusOf, type Observed } from './observed.ts';
import type { Phase } from './phase.ts';

/** Event is emitted once, on composite and claim. */
export interface Event {
  readonly severity: 'Normal' | 'Warning';
  readonly reason: EventReason;
  readonly message: string;
}

const SENTENCE: Readonly<Record<Phase, string>> = {
  Provisioning: 'Provisioning the first control plane machine',
  InstallingAgent: 'The first control plane machine is operational; installing the agent',
  Pivoting: 'The agent is installed; moving the Cluster API objects into the cluster',
  SelfManaged: 'The cluster manages itself',
};

/**
 * eventsOf returns events only for transitions since the last call: a function must not repeat events
 * (core contributing/specifications/functions.md).
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

/** A cluster that was accepted once continues when a change is refused; one that never was has no phase. */
function transition(
  phase: Phase,
  accepted: boolean,
  composite: Observed['composite'],
): readonly Event[] {
  const before = statusOf(composite)['phase'];
  return before === phase || (before === undefined && !accepted)
    ? []
    : [normal(phase, sentenceOf(phase, composite))];
}

function sentenceOf(phase: Phase, composite: Observed['composite']): string {
  const adopts = phase === 'Pivoting' && recordIn(composite, 'spec')?.['adoptFrom'] !== undefined;
  return adopts ? 'Adopting a cluster that manages itself' : SENTENCE[phase];
}

function normal(reason: ClusterEventReason, message: string): Event {
  return { severity: 'Normal', reason, message };
}
