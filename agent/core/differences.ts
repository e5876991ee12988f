import { isRecord } from '../../lib/core/object.ts';
import { sameJson } from './applied.ts';

/** Paths that a message names at most. */
const MOST = 8;

/** differences are the paths in which two values differ, as deep as both have objects; lists differ as a whole. */
export function differences(a: unknown, b: unknown, path = ''): readonly string[] {
  if (sameJson(a, b)) return [];
  if (!isRecord(a) || !isRecord(b)) return [path];
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted();
  return keys.flatMap((key) => differences(a[key], b[key], path === '' ? key : `${path}.${key}`));
}

/** namedPaths is a list of paths for a message. */
export function namedPaths(paths: readonly string[]): string {
  const more = paths.length - MOST;
  const named = paths.slice(0, MOST).join(', ');
  return more > 0 ? `${named} and ${more} more` : named;
}
