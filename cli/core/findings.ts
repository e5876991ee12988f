import { conditionOf } from '../../lib/core/conditions.ts';
import { findingOf, type Finding, type Rule, type Severity } from './finding.ts';
import { acceptance } from './rules/acceptance.ts';
import { agent } from './rules/agent.ts';
import { crossplane } from './rules/crossplane.ts';
import { gates } from './rules/gates.ts';
import { installation } from './rules/installation.ts';
import { machines } from './rules/machines.ts';
import { pivoting } from './rules/pivot.ts';
import { safety } from './rules/safety.ts';
import { teardown } from './rules/teardown.ts';
import { headOf, type Snapshot } from './snapshot.ts';

/** RULES are in the order of a cluster's life cycle: an earlier stage blocks the later ones. */
export const RULES: readonly Rule[] = [
  safety,
  acceptance,
  teardown,
  gates,
  installation,
  pivoting,
  agent,
  machines,
  crossplane,
];

const SEVERITIES: readonly Severity[] = ['danger', 'problem', 'waiting', 'note'];

/**
 * findingsOf is the diagnosis, ordered by severity: dangers, problems, waits, notes; within a severity
 * in the order of a cluster's life cycle. Empty when there is nothing to wait for.
 */
export function findingsOf(snapshot: Snapshot): readonly Finding[] {
  const found = RULES.flatMap((rule) => rule(snapshot));
  const all = found.length > 0 ? found : unexplained(snapshot);
  return all.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

/** Fallback when no rule matches: show the Operational condition of the ManagedCluster itself. */
function unexplained(snapshot: Snapshot): readonly Finding[] {
  const head = headOf(snapshot);
  const condition = conditionOf(head, 'Operational');
  if (head === undefined || condition?.status === 'True') return [];
  const {
    reason = 'Unknown',
    message = 'The cluster is not operational',
    lastTransitionTime,
  } = condition ?? {};
  const evidence = { reason, object: head, what: message, since: lastTransitionTime };
  return [
    findingOf(snapshot, evidence, {
      why: '',
      usualSeconds: 1800,
      next: [{ do: 'see all conditions', run: '{kubectl} -n {namespace} describe {resource}' }],
    }),
  ];
}

/** isOperational reports whether the condition Operational of the ManagedCluster is True. */
export function isOperational(snapshot: Snapshot): boolean {
  return conditionOf(headOf(snapshot), 'Operational')?.status === 'True';
}
