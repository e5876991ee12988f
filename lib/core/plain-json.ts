import type { Json } from './object.ts';

/**
 * plainJson converts a value to JSON without serializing it: undefined and functions are left out, or null
 * in a list, and `toJSON` is called. Keys are sorted, because the order of observations is arbitrary.
 * Undefined if nothing is left.
 */
export function plainJson(value: unknown): Json | undefined {
  if (typeof value === 'string' || typeof value === 'boolean' || value === null) return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value + 0 : null;
  return typeof value === 'object' ? plainObject(value) : undefined;
}

function plainObject(value: object): Json | undefined {
  if (Array.isArray(value)) return value.map((entry: unknown) => plainJson(entry) ?? null);
  if ('toJSON' in value && typeof value.toJSON === 'function') {
    const said: unknown = value.toJSON();
    return plainJson(said);
  }
  const fields: [string, Json][] = [];
  for (const [key, field] of Object.entries(value)) {
    const json = plainJson(field);
    if (json !== undefined) fields.push([key, json]);
  }
  return Object.fromEntries(fields.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
