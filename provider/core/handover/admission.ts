import { groupOf, recordIn, type KubeObject } from '../../../lib/core/object.ts';
import { ownersOf } from '../../../lib/core/owners.ts';
import { keyOf } from '../pivot/identity.ts';
import { isTemplate, ruleOf, typeKeyOf, type KindRule } from './kinds.ts';
import { pinned } from './pinned.ts';
import { recordedTypes, type HandoverRecord, type RecordedObject } from './record.ts';
import { allReferencesOf } from './references.ts';
import { isBootstrapData, isBootstrapName, isKubeconfig, secretProblem } from './secrets.ts';

/** Candidate is an object of the source whose kind may come back at all. */
export interface Candidate {
  readonly object: KubeObject;
  readonly key: string;
  readonly rule: KindRule;
  readonly recorded: RecordedObject | undefined;
  /** Fields whose values were taken from the record. */
  readonly overruled: readonly string[];
}

/** Admitted are the objects of the source that belong to the cluster, by their uid there. */
export type Admitted = ReadonlyMap<string, Candidate>;

/** candidatesOf returns the objects whose kind and version may come back; of two with the same uid or key only the first. */
export function candidatesOf(
  record: HandoverRecord,
  objects: readonly KubeObject[],
  versions: ReadonlySet<string> = new Set(),
): readonly Candidate[] {
  // In another version a field that decides something could have another path.
  const known = new Set([...versions, ...record.objects.map(({ apiVersion }) => apiVersion)]);
  const groups = new Set([...known].map(groupOf));
  function isRead(object: KubeObject): boolean {
    const { apiVersion, metadata } = object;
    if (groups.has(groupOf(apiVersion)) && !known.has(apiVersion)) return false;
    return metadata.namespace === record.namespace && !isKubeconfig(record.name, object);
  }
  const types = recordedTypes(record);
  const recorded = new Map(record.objects.map((one) => [one.key, one]));
  const seen = new Set<string>();
  return objects.flatMap((object): readonly Candidate[] => {
    const { uid, name } = object.metadata;
    const rule = ruleOf(typeKeyOf(object), types);
    const key = keyOf(object);
    if (rule === undefined || !isText(uid) || !isText(name) || !isRead(object)) return [];
    if (seen.has(uid) || seen.has(key)) return [];
    seen.add(uid).add(key);
    const own = recorded.get(key);
    if (own === undefined) return [{ object, key, rule, recorded: own, overruled: [] }];
    return [{ ...pinned(object, rule, { record, recorded: own }), key, rule, recorded: own }];
  });
}

/**
 * admittedOf finds what belongs to the cluster: the Cluster itself, what was handed over, and, from there, what
 * was created inside: objects that an admitted object of the right kind owns, and templates that one refers to. A
 * label proves nothing.
 */
export function admittedOf(record: HandoverRecord, candidates: readonly Candidate[]): Admitted {
  const admitted = new Map<string, Candidate>();
  for (const candidate of candidates) {
    if (candidate.recorded !== undefined && contentProblem(candidate) === undefined) {
      admitted.set(candidate.object.metadata.uid ?? '', candidate);
    }
  }
  let rest = candidates.filter(({ recorded }) => recorded === undefined);
  for (;;) {
    const referred = new Set(
      [...admitted.values()].flatMap(({ object }) => allReferencesOf(object).map(({ key }) => key)),
    );
    const next = rest.filter((candidate) => isBorn(record, candidate, { admitted, referred }));
    if (next.length === 0) return withoutDangling(record, admitted);
    for (const candidate of next) admitted.set(candidate.object.metadata.uid ?? '', candidate);
    const taken = new Set(next);
    rest = rest.filter((candidate) => !taken.has(candidate));
  }
}

/** contentProblem returns why a Secret or ConfigMap that was handed over does not come back. */
export function contentProblem({ object, recorded }: Candidate): string | undefined {
  return recorded?.secret === undefined ? undefined : secretProblem(object, recorded.secret);
}

interface Around {
  readonly admitted: Admitted;
  readonly referred: ReadonlySet<string>;
}

/** Whether an object that was created inside belongs to the cluster. */
function isBorn(
  record: HandoverRecord,
  { object, key, rule }: Candidate,
  { admitted, referred }: Around,
): boolean {
  if (!isOfCluster(record.name, object)) return false;
  const owner = ownersOfCandidate(object, rule, admitted)[0]?.object;
  if (owner === undefined) {
    const isUsed = isTemplate(object) && rule.ownedBy.length > 0 && referred.has(key);
    return isUsed && isNamedAfter(object, record.name);
  }
  const isRight = object.kind !== 'Secret' || isBootstrapData(object, owner);
  return isRight && isNamedAfter(object, owner.metadata.name ?? '');
}

/** ownersOfCandidate returns the admitted owners of an object that may own its kind. */
export function ownersOfCandidate(
  object: KubeObject,
  { ownedBy }: KindRule,
  admitted: Admitted,
): readonly Candidate[] {
  return ownersOf(object).flatMap(({ uid }) => {
    const candidate = admitted.get(uid);
    return candidate !== undefined && ownedBy.includes(candidate.object.kind) ? [candidate] : [];
  });
}

/** Controllers shorten long names before they add a suffix (CAPI v1.14 names.SimpleNameGenerator; lib/core/names.ts). */
const SURE = 40;

function isNamedAfter({ metadata: { name = '' } }: KubeObject, parent: string): boolean {
  const start = parent.length > SURE ? parent.slice(0, SURE) : `${parent}-`;
  return name === parent || name.startsWith(start);
}

/** A machine set, a health check or a machine of another cluster would act there. */
function isOfCluster(cluster: string, object: KubeObject): boolean {
  const spec = recordIn(object, 'spec');
  const template = recordIn(recordIn(spec, 'template'), 'spec');
  return [spec?.['clusterName'], template?.['clusterName']].every(
    (name) => name === undefined || name === cluster,
  );
}

/** Removes objects that refer to something that does not come back, until none is left. */
function withoutDangling(record: HandoverRecord, admitted: Map<string, Candidate>): Admitted {
  const handedOver = new Set(record.objects.flatMap(({ references }) => references));
  for (;;) {
    const keys = new Set([...admitted.values()].map(({ key }) => key));
    const bad = [...admitted].filter(
      ([, candidate]) =>
        candidate.object.kind !== 'Cluster' &&
        !(
          isOfCluster(record.name, candidate.object) &&
          isHeldByOwner(candidate, admitted) &&
          knowsAll(candidate, { keys, handedOver })
        ),
    );
    if (bad.length === 0) return admitted;
    for (const [uid] of bad) admitted.delete(uid);
  }
}

interface Targets {
  readonly keys: ReadonlySet<string>;
  readonly handedOver: ReadonlySet<string>;
}

/** Its owner may have been removed. */
function isHeldByOwner({ object, rule, recorded }: Candidate, admitted: Admitted): boolean {
  if (recorded !== undefined || isTemplate(object)) return true;
  return ownersOfCandidate(object, rule, admitted).length > 0;
}

function knowsAll({ object, recorded }: Candidate, { keys, handedOver }: Targets): boolean {
  return allReferencesOf(object).every(
    ({ key, elsewhere }) =>
      !elsewhere &&
      (keys.has(key) ||
        handedOver.has(key) ||
        recorded?.references.includes(key) === true ||
        isOwnBootstrapData(object, key)),
  );
}

/** Bootstrap data may have been removed; its name leads to no Secret of anybody else (isBootstrapName). */
function isOwnBootstrapData(object: KubeObject, key: string): boolean {
  const config = recordIn(recordIn(recordIn(object, 'spec'), 'bootstrap'), 'configRef');
  const name = object.kind === 'KubeadmConfig' ? object.metadata.name : config?.['name'];
  return typeof name === 'string' && key === `/Secret/${name}` && isBootstrapName(name);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
