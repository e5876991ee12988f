import { canonicalJson } from '../../../lib/core/hash.ts';
import { type Json, type JsonObject, type KubeObject, isRecord } from '../../../lib/core/object.ts';

/**
 * statusForm returns the status for a copy, so that no controller starts over on the target (facts/capi.md
 * 1.9, step 4): everything except `Paused`, which the controllers of the target report, and with
 * observedGeneration adjusted to the generation of the copy. Undefined if the source has no status.
 */
export function statusForm(source: KubeObject, generation: number): JsonObject | undefined {
  const { status } = source;
  if (!isRecord<Json>(status)) return undefined;
  return rewritten(status, { generation, source: source.metadata.generation ?? 0 });
}

interface Generations {
  /** Generation of the copy. */
  readonly generation: number;
  readonly source: number;
}

function rewritten(status: JsonObject, generations: Generations): JsonObject {
  return Object.fromEntries(
    Object.entries(status).map(([field, value]) => [field, counted(field, value, generations)]),
  );
}

function counted(
  field: string,
  value: Json | undefined,
  generations: Generations,
): Json | undefined {
  if (field === 'observedGeneration') return observed(value, generations);
  if (field === 'conditions' && Array.isArray(value)) {
    return value
      .filter((condition: Json) => !isRecord(condition) || condition['type'] !== 'Paused')
      .map((condition: Json) =>
        isRecord(condition) ? rewritten(condition, generations) : condition,
      );
  }
  // `v1beta2` and `deprecated.v1beta1` contain further lists of conditions (facts/capi.md 2.2).
  const nested = field === 'v1beta2' || field === 'deprecated' || field === 'v1beta1';
  return nested && isRecord(value) ? rewritten(value, generations) : value;
}

/**
 * A status that lags behind its spec must still lag behind on the copy. For generation 1 no lower number
 * exists (the CRDs of Cluster API require at least 1), so the field is left out.
 */
function observed(value: Json | undefined, { generation, source }: Generations): Json | undefined {
  if (typeof value !== 'number') return value;
  if (value >= source) return generation;
  return generation > 1 ? generation - 1 : undefined;
}

/**
 * statusPatch returns the merge patch that turns one status into another, without `Paused` of the target;
 * undefined if there is no difference.
 */
export function statusPatch(have: unknown, want: JsonObject): JsonObject | undefined {
  const current = isRecord<Json>(have) ? have : {};
  const patch = difference(withoutPaused(current), want);
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function difference(have: JsonObject, want: JsonObject): JsonObject {
  const fields = [...new Set([...Object.keys(have), ...Object.keys(want)])];
  return Object.fromEntries(
    fields.flatMap((field): readonly (readonly [string, Json])[] => {
      const [is, shall] = [have[field], want[field]];
      if (shall === undefined) return is === undefined ? [] : [[field, null]];
      if (isRecord(is) && isRecord(shall)) {
        const inner = difference(is, shall);
        return Object.keys(inner).length === 0 ? [] : [[field, inner]];
      }
      return is !== undefined && canonicalJson(is) === canonicalJson(shall) ? [] : [[field, shall]];
    }),
  );
}

function withoutPaused(status: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(status).flatMap(([field, value]): readonly (readonly [string, Json])[] => {
      if (value === undefined) return [];
      if (field === 'conditions' && Array.isArray(value)) {
        const others = value.filter((item: Json) => !isRecord(item) || item['type'] !== 'Paused');
        return others.length === 0 && value.length > 0 ? [] : [[field, others]];
      }
      return [[field, value]];
    }),
  );
}
