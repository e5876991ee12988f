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

/** RULES stand in the order in which a cluster comes by: what stands first holds up what follows. */
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
 * findingsOf is the diagnosis: dangers first, then what needs somebody to act, then what ends by
 * itself; each in the order of the life of a cluster. Empty when there is nothing to wait for.
 */
export function findingsOf(snapshot: Snapshot): readonly Finding[] {
  const found = RULES.flatMap((rule) => rule(snapshot));
  const all = found.length > 0 ? found : unexplained(snapshot);
  return all.toSorted((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
}

/** No rule knows why: then what the ManagedCluster itself says is still better than nothing. */
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

/** isOperational tells whether the ManagedCluster says that it is complete and manages itself. */
export function isOperational(snapshot: Snapshot): boolean {
  return conditionOf(headOf(snapshot), 'Operational')?.status === 'True';
}
