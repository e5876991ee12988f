import type { SkippedStatus } from '../../../lib/apis/pivot.generated.ts';
import {
  isRecord,
  recordIn,
  type KubeObject,
  type OwnerReference,
} from '../../../lib/core/object.ts';
import { ownersOf } from '../../../lib/core/owners.ts';
import { belongsByItself } from '../pivot/belongs.ts';
import { keyOf, titleOf } from '../pivot/identity.ts';
import {
  admittedOf,
  candidatesOf,
  contentProblem,
  ownersOfCandidate,
  type Admitted,
  type Candidate,
} from './admission.ts';
import { isMachine, isTemplate } from './kinds.ts';
import { machineProblems, type Trust } from './machines.ts';
import { acceptedMetadata, selectedBy } from './metadata.ts';
import type { HandoverRecord } from './record.ts';
import { isKubeconfig, secretFields } from './secrets.ts';
import { wellFormed } from './well-formed.ts';

/** Belief is what comes back from a cluster, and what does not. */
export interface Belief {
  /** The objects as they may be written, with nothing that the record or the rules do not explain. */
  readonly objects: readonly KubeObject[];
  /** What claims to belong to the cluster, but does not come back. */
  readonly left: readonly SkippedStatus[];
  /** What must not be left without a word: machines, authorities, and objects that were handed over. */
  readonly unexplained: readonly string[];
  /** Fields whose recorded value is used instead of that of the cluster. */
  readonly overruled: readonly string[];
}

/** believed decides what comes back from a cluster (docs/decisions/0022). Nothing in the source is proof of anything. */
export function believed(source: readonly KubeObject[], trust: Trust): Belief {
  const { record } = trust;
  const objects = wellFormed(source);
  const candidates = candidatesOf(record, objects, trust.versions);
  const admitted = admittedOf(record, candidates);
  const machines = machineProblems(admitted, trust);
  const back = [...admitted].filter(([uid]) => !machines.has(uid));
  const kept = new Map(back);
  const taken = [...kept.values()].filter(({ object, rule, recorded }) => {
    if (recorded !== undefined || object.kind === 'Cluster') return true;
    return rule.ownedBy.length === 0 || isHeld(object, rule, kept);
  });
  const final = new Map(taken.map((one) => [one.object.metadata.uid ?? '', one]));
  const finalizers = finalizersOf(record);
  return {
    objects: taken.map((one) => clean(one, final, { record, finalizers })),
    left: leftOf(objects, record, final),
    unexplained: unexplainedOf(objects, { record, candidates, final, machines }),
    overruled: taken.flatMap(({ overruled }) => overruled),
  };
}

/** A template that only a reference leads to has no owner. */
function isHeld(object: KubeObject, rule: Candidate['rule'], kept: Admitted): boolean {
  return isTemplate(object) || ownersOfCandidate(object, rule, kept).length > 0;
}

/** Finalizers of each kind at the handover. */
function finalizersOf({ objects }: HandoverRecord): ReadonlyMap<string, readonly string[]> {
  const byType = new Map<string, readonly string[]>();
  for (const { key, finalizers } of objects) {
    const type = key.slice(0, key.lastIndexOf('/'));
    byType.set(type, [...new Set([...(byType.get(type) ?? []), ...finalizers])]);
  }
  return byType;
}

interface Cleaning {
  readonly record: HandoverRecord;
  readonly finalizers: ReadonlyMap<string, readonly string[]>;
}

/** The object with nothing but what the rules name. */
function clean(
  { object, key, rule, recorded }: Candidate,
  admitted: Admitted,
  { record, finalizers }: Cleaning,
): KubeObject {
  const { apiVersion, kind, spec, status } = object;
  const owners = ownersOf(object).flatMap((owner) =>
    reference(owner, admitted, { rule, recorded }),
  );
  const parent = ownersOfCandidate(object, rule, admitted)[0]?.object;
  const metadata = acceptedMetadata(object, {
    cluster: record.name,
    recorded,
    finalizers: finalizers.get(key.slice(0, key.lastIndexOf('/'))) ?? [],
    selected: selectedBy(parent, object),
  });
  return {
    apiVersion,
    kind,
    metadata: { ...metadata, ...(owners.length === 0 ? {} : { ownerReferences: owners }) },
    ...(apiVersion === 'v1' ? secretFields(object) : {}),
    ...(isRecord(spec) && apiVersion !== 'v1' ? { spec: specOf(kind, spec) } : {}),
    ...(isRecord(status) && apiVersion !== 'v1' ? { status } : {}),
  };
}

/** The fields of a Cluster (CAPI v1.14); `paused` is part of the fence, the others are pinned. */
const CLUSTER_FIELDS = [
  'paused',
  'clusterNetwork',
  'controlPlaneEndpoint',
  'controlPlaneRef',
  'infrastructureRef',
  'topology',
  'availabilityGates',
];

function specOf(
  kind: string,
  spec: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  if (kind !== 'Cluster') return spec;
  return Object.fromEntries(
    Object.entries(spec).filter(([field]) => CLUSTER_FIELDS.includes(field)),
  );
}

/** The reference is written anew, because what it says besides the uid is the word of the source. */
function reference(
  owner: OwnerReference,
  admitted: Admitted,
  { rule, recorded }: Pick<Candidate, 'rule' | 'recorded'>,
): readonly OwnerReference[] {
  const found = admitted.get(owner.uid);
  if (found === undefined) return [];
  const { object, key } = found;
  const may = recorded?.owners.includes(key) === true || rule.ownedBy.includes(object.kind);
  if (!may) return [];
  const { name = '', uid = '' } = object.metadata;
  return [
    {
      apiVersion: object.apiVersion,
      kind: object.kind,
      name,
      uid,
      ...(owner.controller === true ? { controller: true } : {}),
      ...(owner.blockOwnerDeletion === true ? { blockOwnerDeletion: true } : {}),
    },
  ];
}

/** A hostile source must not be able to fill the status of the Pivot. */
const MOST_LEFT = 100;

function leftOf(
  objects: readonly KubeObject[],
  { name }: HandoverRecord,
  final: Admitted,
): readonly SkippedStatus[] {
  const reason = 'is not taken back: the record of the handover does not explain it';
  return objects
    .filter((object) => !final.has(object.metadata.uid ?? '') && claims(name, object, final))
    .filter((object) => !isKubeconfig(name, object))
    .slice(0, MOST_LEFT)
    .map(({ kind, metadata }) => ({ kind, name: metadata.name ?? '', reason }));
}

/** Whether an object says that it belongs to the cluster. */
function claims(cluster: string, object: KubeObject, final: Admitted): boolean {
  const owners = ownersOf(object);
  return (
    belongsByItself(cluster, object) ||
    recordIn(object, 'spec')?.['clusterName'] === cluster ||
    owners.some(({ uid }) => final.has(uid))
  );
}

interface Judged {
  readonly record: HandoverRecord;
  readonly candidates: readonly Candidate[];
  readonly final: Admitted;
  readonly machines: ReadonlyMap<string, string>;
}

/** Also what is no candidate, such as a machine in a version that this side does not know. */
function unexplainedOf(
  objects: readonly KubeObject[],
  { record, candidates, final, machines }: Judged,
): readonly string[] {
  const recorded = new Set(record.objects.map(({ key }) => key));
  const byKey = new Map(candidates.map((candidate) => [candidate.key, candidate]));
  const lost = objects
    .filter(({ metadata }) => metadata.namespace === record.namespace)
    .filter(({ metadata }) => !final.has(metadata.uid ?? ''))
    .filter(
      (object) =>
        recorded.has(keyOf(object)) || (isMachine(object) && claims(record.name, object, final)),
    )
    .map((object) => {
      const candidate = byKey.get(keyOf(object));
      const why =
        machines.get(object.metadata.uid ?? '') ?? (candidate && contentProblem(candidate));
      return `${titleOf(object)} ${why ?? 'is not explained by the record of the handover'}`;
    });
  const present = new Set(candidates.map(({ key }) => key));
  const missing = record.objects
    .filter(({ key, secret }) => secret?.certificate !== undefined && !present.has(key))
    .map(({ key }) => `Secret ${key.split('/')[2] ?? ''} does not exist any more`);
  return [...missing, ...lost];
}
