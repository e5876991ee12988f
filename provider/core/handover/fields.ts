import { canonicalJson } from '../../../lib/core/hash.ts';
import { isRecord, type Json, type KubeObject } from '../../../lib/core/object.ts';

/** valueAt reads the field at a path such as `spec.identityRef`; undefined if it is absent. */
export function valueAt(object: KubeObject, path: string): Json | undefined {
  const value = path
    .split('.')
    .reduce<unknown>(
      (inner, field) => (isRecord(inner) && Object.hasOwn(inner, field) ? inner[field] : undefined),
      object,
    );
  // Objects from an API server are JSON, although their type does not say so.
  if (value === undefined) return undefined;
  const json: Json = JSON.parse(JSON.stringify(value));
  return json;
}

/** withValueAt returns the object with another value at a path; undefined removes the field. */
export function withValueAt(object: KubeObject, path: string, value: Json | undefined): KubeObject {
  const changed = changedAt(object, path.split('.'), value);
  return { ...object, ...changed };
}

function changedAt(
  inner: unknown,
  [field = '', ...rest]: readonly string[],
  value: Json | undefined,
): Readonly<Record<string, unknown>> {
  const record = isRecord(inner) ? inner : {};
  if (rest.length > 0) {
    if (value === undefined && !isRecord(record[field])) return record;
    return { ...record, [field]: changedAt(record[field], rest, value) };
  }
  const { [field]: _old, ...others } = record;
  return value === undefined ? others : { ...others, [field]: value };
}

/** isSame reports whether two values are equal JSON; undefined is equal to undefined only. */
export function isSame(one: Json | undefined, other: Json | undefined): boolean {
  if (one === undefined || other === undefined) return one === other;
  return canonicalJson(one) === canonicalJson(other);
}
