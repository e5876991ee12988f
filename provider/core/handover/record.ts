import { CLUSTER_NAME_LABEL } from '../../../capi/labels.ts';
import { SOURCE_UID_ANNOTATION } from '../../../lib/apis/ownership.ts';
import { isRecord, recordIn, type Json, type KubeObject } from '../../../lib/core/object.ts';
import { ownersOf } from '../../../lib/core/owners.ts';
import type { ClusterRef } from '../escrow/escrow-set.ts';
import { softSecretNames } from '../pivot/belongs.ts';
import { keyOf, uidOf } from '../pivot/identity.ts';
import { isSame, valueAt } from './fields.ts';
import { familyOf, ruleOf, typeKeyOf } from './kinds.ts';
import { isKubeconfig, recordedSecret, type RecordedSecret } from './secrets.ts';
import { secretReferencesOf } from './references.ts';

type Texts = Readonly<Record<string, string>>;
type Values = Readonly<Record<string, Json>>;

/** RecordedObject is one object as it was handed over. */
export interface RecordedObject {
  /** `<group>/<kind>/<name>`. */
  readonly key: string;
  /** The apiVersion in which it was read. */
  readonly apiVersion: string;
  /** Its uid on the management side. */
  readonly uid: string;
  /** The keys of its owners. */
  readonly owners: readonly string[];
  readonly labels: Texts;
  readonly annotations: Texts;
  readonly finalizers: readonly string[];
  /** The keys of the Secrets that it refers to. */
  readonly references: readonly string[];
  /** The values of the pinned fields and of the providerID, by path; an absent field is absent here too. */
  readonly values: Values;
  /** For Secrets and ConfigMaps. */
  readonly secret?: RecordedSecret;
}

/**
 * HandoverRecord is what the management side wrote down when it handed a cluster over: the only thing that it
 * believes when the cluster is taken back (docs/decisions/0022).
 */
export interface HandoverRecord extends ClusterRef {
  /** uid of the composite; absent if the cluster has none. */
  readonly composite?: string | undefined;
  /** Identifies the handover: `<uid of the Pivot>/<epoch>`. An escrow is bound to it. */
  readonly handover: string;
  readonly epoch: number;
  readonly objects: readonly RecordedObject[];
  /**
   * Values that pinned fields may have on objects that were created inside, by `<kind>/<path>`, because the claim
   * has asked for them.
   */
  readonly known: Readonly<Record<string, readonly Json[]>>;
  /**
   * Identities (identities.ts) of machines that were created inside, and when this side first read them (RFC 3339): of
   * two clusters that have the same one, it belongs to the first.
   */
  readonly born: Readonly<Record<string, string>>;
  /** The oldest set of the escrow that is accepted. */
  readonly escrow: number;
}

/** Handover is the input of {@link recordOf} besides the objects. */
export interface Handover extends ClusterRef {
  readonly composite: string | undefined;
  readonly handover: string;
  readonly epoch: number;
}

/** Never come back: what they say is about this side, or was made by a user for a tool. */
const OWN_WORDS = /(^|\.)crossplane\.io\/|^kubectl\.kubernetes\.io\/last-applied-configuration$/;

/** recordOf returns the record of a handover. Kubeconfigs are not part of it: this side keeps its own. */
export function recordOf(
  { namespace, name, composite, handover, epoch }: Handover,
  objects: readonly KubeObject[],
): HandoverRecord {
  const keys = new Map(objects.map((object) => [uidOf(object), keyOf(object)]));
  const types = new Set(objects.map(typeKeyOf));
  return {
    namespace,
    name,
    ...(composite === undefined ? {} : { composite }),
    handover,
    epoch,
    objects: objects
      .filter((object) => !isKubeconfig(name, object) && isHandedOver(name, object))
      .map((object) => recorded(object, keys, types)),
    known: {},
    born: {},
    escrow: 0,
  };
}

/** Secrets and ConfigMaps that others may use stay on this side, so they need not come back. */
function isHandedOver(cluster: string, object: KubeObject): boolean {
  if (object.apiVersion !== 'v1') return true;
  const { name = '', labels = {} } = object.metadata;
  if (ownersOf(object).length > 0 || labels[CLUSTER_NAME_LABEL] === cluster) return true;
  return object.kind === 'Secret' && softSecretNames(cluster).includes(name);
}

function recorded(
  object: KubeObject,
  keys: ReadonlyMap<string, string>,
  types: ReadonlySet<string>,
): RecordedObject {
  const { labels = {}, annotations = {}, finalizers = [] } = object.metadata;
  return {
    key: keyOf(object),
    apiVersion: object.apiVersion,
    uid: uidOf(object),
    owners: ownersOf(object).flatMap(({ uid }) => keys.get(uid) ?? []),
    labels: withoutOwnWords(labels),
    annotations: withoutOwnWords(annotations),
    finalizers,
    references: secretReferencesOf(object),
    values: valuesOf(object, types),
    ...(object.apiVersion === 'v1' ? { secret: recordedSecret(object) } : {}),
  };
}

function withoutOwnWords(entries: Texts): Texts {
  return Object.fromEntries(
    Object.entries(entries).filter(
      ([key]) => !OWN_WORDS.test(key) && key !== SOURCE_UID_ANNOTATION,
    ),
  );
}

function valuesOf(object: KubeObject, types: ReadonlySet<string>): Values {
  const rule = ruleOf(typeKeyOf(object), types);
  const paths = [...(rule?.pinned ?? []), ...(rule?.identity ?? [])];
  return Object.fromEntries(
    paths.flatMap((path): readonly (readonly [string, Json])[] => {
      const value = valueAt(object, path);
      return value === undefined ? [] : [[path, value]];
    }),
  );
}

/** parsedRecord reads a record whose signature was verified; undefined if it is of a version that this one does not know. */
export function parsedRecord(text: string): HandoverRecord | undefined {
  const json: unknown = JSON.parse(text);
  return isHandoverRecord(json) ? json : undefined;
}

function isHandoverRecord(value: unknown): value is HandoverRecord {
  return (
    isRecord(value) &&
    typeof value['handover'] === 'string' &&
    typeof value['escrow'] === 'number' &&
    Array.isArray(value['objects']) &&
    recordIn(value, 'known') !== undefined &&
    recordIn(value, 'born') !== undefined
  );
}

/** recordedTypes returns the kinds that were handed over, as `<group>/<kind>`. */
export function recordedTypes({ objects }: HandoverRecord): ReadonlySet<string> {
  return new Set(objects.map(({ key }) => key.slice(0, key.lastIndexOf('/'))));
}

/** knownKey is a key of `known`: templates, machines and virtual machines share their fields. */
export function knownKey(kind: string, path: string): string {
  return `${familyOf(kind)}/${path.replace('spec.template.spec.', 'spec.')}`;
}

/** Number of values of one field that are kept; a claim changes such a field rarely. */
const MOST = 50;

/** withKnown adds the values that desired objects have in the bounded fields of their kind. */
export function withKnown(record: HandoverRecord, desired: readonly KubeObject[]): HandoverRecord {
  const known = new Map(Object.entries(record.known));
  for (const object of desired) {
    const rule = ruleOf(typeKeyOf(object), new Set());
    for (const path of rule?.pinned ?? []) {
      const value = valueAt(object, path);
      const key = knownKey(object.kind, path);
      const before = known.get(key) ?? [];
      const isNew = value !== undefined && !before.some((one) => isSame(one, value));
      if (isNew) known.set(key, [...before, value].slice(-MOST));
    }
  }
  return { ...record, known: Object.fromEntries(known) };
}
