import { MILESTONE_REASONS } from '../../../lib/apis/reasons/managed-cluster.ts';
import { READY_REASONS } from '../../../lib/apis/reasons/pivot-ready.ts';
import { conditionOf, isTrue } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import {
  adviceOn,
  findingOf,
  ofCondition,
  type Advice,
  type Finding,
  type Rule,
} from '../finding.ts';
import { headOf, pivotsOf, type Snapshot } from '../snapshot.ts';
import { FORGOTTEN } from './forgotten-advice.ts';
import { currentStep } from './pivot-steps.ts';
import { UNREACHABLE } from './pivot-prepare-advice.ts';
import {
  ABORTED_REASONS,
  ANYTHING,
  ERRORS,
  RELEASE_INCOMPLETE,
  REASONS,
  SILENT,
} from './pivot-advice.ts';

/** pivoting reports what each Pivot waits for: its step and the object. */
export const pivoting: Rule = (snapshot) => [
  ...pivotsOf(snapshot).flatMap((pivot) => unfinished(snapshot, pivot)),
  ...ofHead(snapshot),
];

/** Reasons of Pivoted that no Pivot has, and their advice. */
const OF_HEAD = [
  { reason: MILESTONE_REASONS.ReleaseIncomplete, advice: RELEASE_INCOMPLETE },
  { reason: MILESTONE_REASONS.SelfManagedAlready, advice: FORGOTTEN },
];

function unfinished(snapshot: Snapshot, pivot: KubeObject): readonly Finding[] {
  if (recordIn(pivot, 'status') === undefined) {
    const since = pivot.metadata.creationTimestamp;
    const what = 'The provider has not reconciled the Pivot yet';
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
    what: text === '' ? `${place} is in progress` : `${place} waits: ${text}`,
    since: step?.startTime ?? own.since,
  };
  return findingOf(snapshot, evidence, onReason(snapshot, own.reason, text));
}

/** All errors share one reason: the text of the error, or our own observation, is more specific. */
function onReason({ workload }: Snapshot, reason: string, text: string): Advice {
  const error = reason === READY_REASONS.ReconcileError;
  const known = error ? ERRORS.find(({ says }) => says.test(text))?.advice : undefined;
  const silent = error && workload.kind === 'Unknown' && workload.cause === 'NoAnswer';
  return known ?? (silent ? UNREACHABLE : undefined) ?? adviceOn(REASONS, reason) ?? ANYTHING;
}

function aborted(snapshot: Snapshot, pivot: KubeObject): Finding {
  const own = ofCondition(pivot, conditionOf(pivot, 'Aborted'));
  const evidence = { ...own, what: `The pivot was aborted: ${own.what}` };
  return findingOf(snapshot, evidence, adviceOn(ABORTED_REASONS, own.reason) ?? ANYTHING);
}

function ofHead(snapshot: Snapshot): readonly Finding[] {
  const head = headOf(snapshot);
  const condition = conditionOf(head, 'Pivoted');
  const known = OF_HEAD.find(({ reason }) => reason === condition?.reason);
  return condition === undefined || known === undefined
    ? []
    : [findingOf(snapshot, ofCondition(head, condition), known.advice)];
}
