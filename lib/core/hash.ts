import { createHash } from 'node:crypto';
import type { Json } from './object.ts';

/**
 * contentHash returns 8 hexadecimal digits (32 bit) that are equal for equal JSON, independently of the
 * order of keys. For names, not for security.
 */
export function contentHash(value: Json): string {
  return sha256(canonicalJson(value)).slice(0, 8);
}

/** canonicalJson returns JSON with sorted keys and without undefined keys. */
export function canonicalJson(value: Json): string {
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isList(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const fields = Object.entries(value)
    .flatMap(([key, field]) => (field === undefined ? [] : [[key, field] as const]))
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, field]) => `${JSON.stringify(key)}:${canonicalJson(field)}`);
  return `{${fields.join(',')}}`;
}

/**
 * sha256 returns the SHA-256 digest of a text in UTF-8, in hexadecimal. This is the only Node import in a
 * pure folder: it is deterministic and has no side effects.
 */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
