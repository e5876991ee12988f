import { isRecord } from '../../lib/core/object.ts';

/**
 * The same value, each object in it with its keys in the opposite order. Go sends them in an order
 * that it chooses by chance, so nothing in an answer may depend on it.
 */
export function backwards<Value>(value: Value): Value;
export function backwards(value: unknown): unknown {
  if (Array.isArray(value)) return value.map((entry) => backwards<unknown>(entry));
  if (!isRecord(value)) return value;
  const entries = Object.entries(value).map(([key, entry]) => [key, backwards(entry)]);
  return Object.fromEntries(entries.toReversed());
}
