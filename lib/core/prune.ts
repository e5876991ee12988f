import { type Json, type JsonObject, isRecord } from './object.ts';

/**
 * prune leaves out what says nothing: keys that are undefined, and objects and lists that are empty,
 * or empty once theirs are left out. The fields of Cluster API refuse such empties (minProperties,
 * minItems 1). `keep` lists the ends of paths (`nodeRegistration.taints`) where an empty one means
 * something. Entries of lists keep their place.
 */
export function prune(object: JsonObject, keep: readonly string[] = []): JsonObject {
  return pruned(object, '', keep);
}

function pruned(object: JsonObject, path: string, keep: readonly string[]): JsonObject {
  const fields = Object.entries(object).flatMap(([key, field]) => {
    const at = `${path}.${key}`;
    const value = prunedValue(field, at, keep);
    const kept = keep.some((end) => at.endsWith(`.${end}`));
    return value === undefined || (isEmpty(value) && !kept) ? [] : [[key, value] as const];
  });
  return Object.fromEntries(fields);
}

function prunedValue(
  value: Json | undefined,
  path: string,
  keep: readonly string[],
): Json | undefined {
  if (isRecord(value)) return pruned(value, path, keep);
  if (!Array.isArray(value)) return value;
  return value.map((entry: Json) => prunedValue(entry, path, keep) ?? null);
}

function isEmpty(value: Json): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}
