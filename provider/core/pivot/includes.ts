import { isRecord } from '../../../lib/core/conditions.ts';

/**
 * missingIn is the path of the first thing in `want` that `have` lacks or has otherwise; undefined when
 * all is there. More may be there: a newer provider on the target fills in defaults that the source has
 * never had, while nothing that was ever written may be lost.
 */
export function missingIn(want: unknown, have: unknown, path = ''): string | undefined {
  if (Array.isArray(want)) return missingInList(want, have, path);
  if (isRecord(want)) return missingInRecord(want, have, path);
  return want === have ? undefined : path;
}

function missingInRecord(
  want: Readonly<Record<string, unknown>>,
  have: unknown,
  path: string,
): string | undefined {
  const entries = Object.entries(want).filter(([, value]) => value !== undefined);
  if (!isRecord(have)) return entries.length === 0 && have === undefined ? undefined : path;
  for (const [field, value] of entries) {
    const missing = missingIn(value, have[field], path === '' ? field : `${path}.${field}`);
    if (missing !== undefined) return missing;
  }
  return undefined;
}

function missingInList(want: readonly unknown[], have: unknown, path: string): string | undefined {
  if (!Array.isArray(have)) return want.length === 0 && have === undefined ? undefined : path;
  if (have.length !== want.length) return path;
  for (const [index, entry] of want.entries()) {
    const missing = missingIn(entry, have[index], `${path}[${index}]`);
    if (missing !== undefined) return missing;
  }
  return undefined;
}
