import { recordIn, type Json, type KubeObject } from '../../../lib/core/object.ts';
import { titleOf } from '../pivot/identity.ts';
import { isSame, valueAt, withValueAt } from './fields.ts';
import type { KindRule } from './kinds.ts';
import { knownKey, type HandoverRecord, type RecordedObject } from './record.ts';

/** Pinned is an object with the values of the record, and what the source said instead. */
export interface Pinned {
  readonly object: KubeObject;
  /** `Machine demo-0: spec.providerID`, for each field whose value was not taken from the source. */
  readonly overruled: readonly string[];
}

/**
 * pinned returns an object that was handed over with the recorded values of the fields that decide where and as
 * whom. A value that the claim has asked for since is taken from the source.
 */
export function pinned(
  object: KubeObject,
  rule: KindRule,
  { record, recorded }: { readonly record: HandoverRecord; readonly recorded: RecordedObject },
): Pinned {
  const overruled: string[] = [];
  let result = object;
  for (const path of [...rule.pinned, ...(rule.identity ?? [])]) {
    const value = recorded.values[path];
    const found = valueAt(object, path);
    const isIdentity = rule.identity?.includes(path) === true;
    // A machine that had no providerID yet may have got one since.
    if (isSame(value, found) || (isIdentity && value === undefined)) continue;
    if (!isIdentity && isKnown(record, object.kind, path, found)) continue;
    result = withValueAt(result, path, value);
    overruled.push(`${titleOf(object)}: ${path}`);
  }
  return { object: result, overruled };
}

/** boundedProblem returns the field of an object created inside that has a value nobody here has asked for. */
export function boundedProblem(
  object: KubeObject,
  rule: KindRule,
  { record, values }: { readonly record: HandoverRecord; readonly values: RecordedValues },
): string | undefined {
  return (rule.bounded ?? []).find((path) => {
    const found = valueAt(object, path);
    if (found === undefined || isKnown(record, object.kind, path, found)) return false;
    const recorded = values.get(knownKey(object.kind, path)) ?? [];
    return !recorded.some((value) => isSame(value, found));
  });
}

/** RecordedValues are all values of pinned fields in a record, by {@link knownKey}. */
export type RecordedValues = ReadonlyMap<string, readonly Json[]>;

/** recordedValues collects the values of pinned fields in a record. */
export function recordedValues({ objects }: HandoverRecord): RecordedValues {
  const values = new Map<string, Json[]>();
  for (const { key, values: own } of objects) {
    const kind = key.split('/')[1] ?? '';
    for (const [path, value] of Object.entries(own)) {
      const under = knownKey(kind, path);
      const list = values.get(under) ?? [];
      values.set(under, list);
      if (!list.some((one) => isSame(one, value))) list.push(value);
    }
  }
  return values;
}

function isKnown(
  { known }: HandoverRecord,
  kind: string,
  path: string,
  value: Json | undefined,
): boolean {
  const key = knownKey(kind, path);
  const values = Object.hasOwn(known, key) ? known[key] : undefined;
  return value !== undefined && values?.some((one) => isSame(one, value)) === true;
}

/** providerIdOf returns the providerID of a Machine or an infrastructure machine. */
export function providerIdOf(object: KubeObject): string | undefined {
  const id = recordIn(object, 'spec')?.['providerID'];
  return typeof id === 'string' && id !== '' ? id : undefined;
}
