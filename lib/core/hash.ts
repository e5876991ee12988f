import { createHash } from 'node:crypto';
import type { Json } from './object.ts';

/**
 * contentHash names content: 8 hexadecimal digits (32 bit) that are the same for the same JSON,
 * whatever the order of its keys. For names, not for security.
 */
export function contentHash(value: Json): string {
  return sha256(canonicalJson(value)).slice(0, 8);
}

/** canonicalJson writes JSON with sorted keys and without keys that are undefined. */
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
 * sha256 is the digest of a text in UTF-8, in hexadecimal. The one import of Node in a pure folder: the
 * same text gives the same digest, and nothing else happens.
 */
export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function isList(value: object): value is readonly Json[] {
  return Array.isArray(value);
}
