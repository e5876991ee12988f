import { type Json, type JsonObject, isRecord } from './object.ts';

/**
 * prune removes fields without content: undefined keys, and objects and lists that are empty, or empty
 * after pruning. Cluster API rejects such empty fields (minProperties, minItems 1). `keep` lists path
 * suffixes (`nodeRegistration.taints`) for which an empty value has a meaning. List entries keep their
 * position.
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
