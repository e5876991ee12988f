import { ownersOfCandidate, type Admitted, type Candidate } from './admission.ts';
import {
  identitiesOf,
  identityIn,
  identityProblem,
  LONGEST_ID,
  recordedIds,
} from './identities.ts';
import { boundedProblem, providerIdOf, recordedValues, type RecordedValues } from './pinned.ts';
import type { HandoverRecord } from './record.ts';

/** Trust is what the management side knows when a cluster is taken back. */
export interface Trust {
  readonly record: HandoverRecord;
  /** providerIDs, identities (identities.ts) and names of machines of other clusters. */
  readonly claimed: ReadonlySet<string>;
  /** apiVersions that the management side stores; absent: those of the record are enough. */
  readonly versions?: ReadonlySet<string>;
}

/** machineProblems returns why admitted machines, and templates for machines, must not come back, by uid. */
export function machineProblems(
  admitted: Admitted,
  { record, claimed }: Trust,
): ReadonlyMap<string, string> {
  const values = recordedValues(record);
  const taken = { claimed: new Set([...claimed].map(identityIn)), ids: recordedIds(record) };
  const problems = new Map<string, string>();
  for (const [uid, candidate] of admitted) {
    const problem = bounds(candidate, record, values) ?? identity(candidate, admitted, taken);
    if (problem !== undefined) problems.set(uid, problem);
  }
  return problems;
}

function bounds(
  { object, rule, recorded }: Candidate,
  record: HandoverRecord,
  values: RecordedValues,
): string | undefined {
  if (recorded !== undefined) return undefined;
  const field = boundedProblem(object, rule, { record, values });
  return field === undefined
    ? undefined
    : `has a value in ${field} that neither the claim nor the record of the handover knows`;
}

interface Ids {
  readonly claimed: ReadonlySet<string>;
  /** Identities in the record, by the key of their object. */
  readonly ids: ReadonlyMap<string, string>;
}

function identity(candidate: Candidate, admitted: Admitted, ids: Ids): string | undefined {
  const { object, rule, recorded } = candidate;
  // The record has the identity of a machine that had one when it was handed over.
  const isPinned = rule.identity?.some((path) => recorded?.values[path] !== undefined) ?? true;
  if (isPinned) return undefined;
  const taken = takenProblem(candidate, ids);
  if (taken !== undefined || object.kind === 'Machine') return taken;
  const [owner] = ownersOfCandidate(object, rule, admitted);
  const own = providerIdOf(object);
  const field = identityProblem(object, rule, (owner && providerIdOf(owner.object)) ?? own);
  return field === undefined ? undefined : `names another machine in ${field} than its owner`;
}

function takenProblem(
  { object, key, rule, recorded }: Candidate,
  { claimed, ids }: Ids,
): string | undefined {
  const all = identitiesOf(object, rule);
  if (all.some((id) => id.length > LONGEST_ID)) return 'has a providerID that is too long';
  const name = identityIn(object.metadata.name ?? '');
  // The name of a machine that was handed over was its own on this side too.
  if (all.some((id) => claimed.has(id) && !(recorded !== undefined && id === name))) {
    return 'has the providerID, or the name, of a machine of another cluster';
  }
  const others = object.kind === 'Machine' ? all.map((id) => ids.get(id)) : [];
  return others.every((other) => other === undefined || other === key)
    ? undefined
    : 'has the providerID of a machine that was handed over';
}
