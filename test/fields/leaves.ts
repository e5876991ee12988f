import { PUBLIC_KEY } from '../../capi/testing/clusters.ts';
import { type Json, type JsonObject, isRecord } from '../../lib/core/object.ts';
import type { Schema } from '../../lib/apis/schema/schema.ts';

/** Step is one step of a path: a field, ENTRY for the first entry of a list, KEY for the first key of a dictionary. */
type Step = string;

const ENTRY = '[]';
const KEY = '{}';

/** Leaf is a field of an API that holds a value, not further fields. */
export interface Leaf {
  /** As documentation writes it, such as `nodePools[].taints[].key`. */
  readonly name: string;
  readonly steps: readonly Step[];
  readonly schema: Schema;
}

/** leavesOf are all fields of a schema that hold values, in its order. */
export function leavesOf(schema: Schema, steps: readonly Step[] = []): readonly Leaf[] {
  const { properties = {}, items, additionalProperties } = schema;
  const fields = Object.entries(properties);
  if (fields.length > 0) return fields.flatMap(([name, one]) => leavesOf(one, [...steps, name]));
  if (items !== undefined) return leavesOf(items, [...steps, ENTRY]);
  if (additionalProperties !== undefined) return leavesOf(additionalProperties, [...steps, KEY]);
  return [{ name: nameOf(steps), steps, schema }];
}

function nameOf(steps: readonly Step[]): string {
  return steps.join('.').replaceAll(`.${ENTRY}`, ENTRY).replaceAll(`.${KEY}`, KEY);
}

/** valueAt is what stands at a path, in the first entry of each list and the first key of each dictionary. */
export function valueAt(value: unknown, [step, ...rest]: readonly Step[]): unknown {
  if (step === undefined) return value;
  return valueAt(below(value, step)?.value, rest);
}

/** valuesAt is all that stands at a path, in every entry of each list and every key of each dictionary. */
export function valuesAt(value: unknown, [step, ...rest]: readonly Step[]): readonly unknown[] {
  if (step === undefined) return value === undefined || value === null ? [] : [value];
  if (step === ENTRY) {
    return Array.isArray(value) ? value.flatMap((entry) => valuesAt(entry, rest)) : [];
  }
  if (!isRecord(value)) return [];
  return step === KEY
    ? Object.values(value).flatMap((entry) => valuesAt(entry, rest))
    : valuesAt(value[step], rest);
}

/**
 * withValue is an object with another value at a path, or without it when the value is undefined; undefined
 * where the path leads through a list that has no entry.
 */
export function withValue(
  object: unknown,
  [step, ...rest]: readonly Step[],
  value: Json | undefined,
): unknown {
  if (step === undefined) return value;
  if (step === ENTRY) return Array.isArray(object) ? inEntry(object, rest, value) : undefined;
  return isRecord(object ?? {})
    ? inField({ ...Object(object) }, [step, ...rest], value)
    : undefined;
}

function inEntry(
  [first, ...others]: readonly unknown[],
  rest: readonly Step[],
  value: Json | undefined,
): unknown {
  const changed = first === undefined ? undefined : withValue(first, rest, value);
  return changed === undefined ? undefined : [changed, ...others];
}

function inField(
  object: Readonly<Record<string, unknown>>,
  [step = '', ...rest]: readonly Step[],
  value: Json | undefined,
): unknown {
  const field = step === KEY ? (Object.keys(object)[0] ?? 'node.cluster.x-k8s.io/any') : step;
  const { [field]: present, ...others } = object;
  if (rest.length === 0 && value === undefined) return others;
  const changed = withValue(present, rest, value);
  return changed === undefined ? undefined : { ...object, [field]: changed };
}

function below(value: unknown, step: Step): { readonly value: unknown } | undefined {
  if (Array.isArray(value)) return { value: value[0] };
  if (!isRecord(value)) return undefined;
  return { value: step === KEY ? Object.values(value)[0] : value[step] };
}

/** MANIFESTS are those of a layer: with something that stays when it goes, and a secret. */
export const MANIFESTS = `apiVersion: v1
kind: Namespace
metadata: {name: data}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: data}
data: {password: "\${password}", other: "\${other}"}
`;

/** Kinds, keys and the like, which one field or another takes and no other text. */
const TEXTS_OF_ONE_FIELD: readonly string[] = [
  'KubeadmControlPlane',
  MANIFESTS,
  MANIFESTS.replace('settings', 'others'),
  'Cluster',
  'Secret',
  'VSphereClusterIdentity',
  'AWSClusterStaticIdentity',
  'AWSClusterRoleIdentity',
  PUBLIC_KEY,
  `${PUBLIC_KEY}-of-another`,
];

/** Texts that are valid in one field or another; which of them, the claim itself tells. */
const TEXTS: readonly string[] = [
  'other',
  'another',
  'v1.35.6',
  'v1.36.1',
  '10.201.0.0/16',
  '10.202.0.0/16',
  '192.0.2.77',
  '192.0.2.78',
  '50%',
  '3',
  '4',
  '20m',
  '30m',
  '1.0.0',
  '2.0.0',
  'true',
  ...TEXTS_OF_ONE_FIELD,
];

const PATCHES: readonly JsonObject[] = [
  { metadata: { labels: { a: 'b' } } },
  { metadata: { labels: { a: 'c' } } },
];

/** candidates are values for a field, as its schema allows; undefined is the field left out. */
export function candidates({ schema }: Leaf, present: unknown): readonly (Json | undefined)[] {
  if (schema.enum !== undefined) return [undefined, ...schema.enum];
  if (schema.type === 'boolean') return [undefined, true, false];
  if (schema.type === 'integer') {
    const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = schema;
    const about = typeof present === 'number' ? present : minimum;
    const near = [about + 1, about + 2, about - 1, minimum, minimum + 1];
    return [undefined, ...near.filter((one) => one >= minimum && one <= maximum)];
  }
  if (schema.type === 'object') return [undefined, ...PATCHES];
  return [undefined, ...TEXTS];
}
