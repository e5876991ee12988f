import { contentHash, sha256 } from './hash.ts';
import type { Json } from './object.ts';

/** LONGEST_NAME is the maximum length of a DNS label (RFC 1123) and of a label value, in characters. */
export const LONGEST_NAME = 63;

const LABEL = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
const HASH_LENGTH = 8;

/**
 * isLabel reports whether a name is a DNS label (RFC 1123): at most 63 characters of a-z, 0-9 and inner
 * dashes.
 */
export function isLabel(name: string): boolean {
  return name.length <= LONGEST_NAME && LABEL.test(name);
}

/**
 * nameOf joins parts with dashes. A result longer than 63 characters is truncated and gets a hash of the
 * full name, so that long names stay distinct. Parts that are DNS labels result in a DNS label.
 */
export function nameOf(...parts: readonly string[]): string {
  return bounded(parts.join('-'), LONGEST_NAME);
}

/**
 * nameByContent is {@link nameOf} with a hash of the content at the end: the name of an object that is
 * never changed but replaced by another one.
 */
export function nameByContent(content: Json, ...parts: readonly string[]): string {
  const name = bounded(parts.join('-'), LONGEST_NAME - HASH_LENGTH - 1);
  return `${name}-${contentHash(content)}`;
}

function bounded(name: string, longest: number): string {
  if (name.length <= longest) return name;
  const kept = name.slice(0, longest - HASH_LENGTH - 1).replace(/-+$/, '');
  return `${kept}-${sha256(name).slice(0, HASH_LENGTH)}`;
}
