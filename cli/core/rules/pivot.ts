import { conditionOf, isTrue, recordIn } from '../../../lib/core/conditions.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { findingOf, ofCondition, type Advice, type Finding, type Rule } from '../finding.ts';
import { headOf, pivotsOf, type Snapshot } from '../snapshot.ts';
import { conditionsOf } from '../trouble.ts';
import { PREDICATES } from './gates.ts';
import { currentStep } from './pivot-steps.ts';
import {
  ABORTED,
  ANYTHING,
  FAILED,
  RELEASE_INCOMPLETE,
  REASONS,
  SILENT,
  WORDS,
} from './pivot-advice.ts';

/** pivoting is what a Pivot waits for: its step, and on which object. */
export const pivoting: Rule = (snapshot) => [
  ...pivotsOf(snapshot).flatMap((pivot) => unfinished(snapshot, pivot)),
  ...releaseIncomplete(snapshot),
];

function unfinished(snapshot: Snapshot, pivot: KubeObject): readonly Finding[] {
  if (recordIn(pivot, 'status') === undefined) {
    const since = pivot.metadata.creationTimestamp;
    const what = 'The provider has not looked at the Pivot yet';
    return [findingOf(snapshot, { reason: 'ProviderSilent', object: pivot, what, since }, SILENT)];
  }
  if (isTrue(pivot, 'Ready')) return [];
  return [isTrue(pivot, 'Aborted') ? aborted(snapshot, pivot) : waiting(snapshot, pivot)];
}

function waiting(snapshot: Snapshot, pivot: KubeObject): Finding {
  const step = currentStep(pivot);
  const own = ofCondition(pivot, conditionOf(pivot, 'Ready'));
  const text = step?.message ?? own.what;
  const place = step === undefined ? 'The Pivot' : `Step ${step.name} of the Pivot`;
  const evidence = {
    ...own,
    what: text === '' ? `${place} is under way` : `${place} waits: ${text}`,
    since: step?.startTime ?? own.since,
    details: stalls(pivot),
  };
  return findingOf(snapshot, evidence, adviceOn(own.reason, text));
}

function stalls(pivot: KubeObject): readonly string[] {
  return conditionsOf(pivot)
    .filter(({ type, status }) => type === 'Stalled' && status === 'True')
    .map(({ message = '' }) => message);
}

/** Stalls and sentences without a reason of their own are known by their words. */
function adviceOn(reason: string, text: string): Advice {
  // The pivot asks gate G2 again, with the same predicates.
  const predicate = text.startsWith('Gate ') ? PREDICATES[reason] : undefined;
  if (predicate !== undefined) return predicate;
  const byWords = WORDS.find(({ says }) => says.test(text));
  return REASONS[reason] ?? byWords?.advice ?? (reason === 'ReconcileError' ? FAILED : ANYTHING);
}

function aborted(snapshot: Snapshot, pivot: KubeObject): Finding {
  const own = ofCondition(pivot, conditionOf(pivot, 'Aborted'));
  const evidence = { ...own, reason: 'Aborted', what: `The pivot was given up: ${own.what}` };
  return findingOf(snapshot, evidence, ABORTED);
}

function releaseIncomplete(snapshot: Snapshot): readonly Finding[] {
  const head = headOf(snapshot);
  const condition = conditionOf(head, 'Pivoted');
  return condition?.reason === 'ReleaseIncomplete'
    ? [findingOf(snapshot, ofCondition(head, condition), RELEASE_INCOMPLETE)]
    : [];
}
