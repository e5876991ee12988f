import { isRecord } from '../../../lib/core/conditions.ts';

/**
 * covers tells whether all that is wanted is there. What others have added to objects does not
 * matter; lists must have the same entries. What a server writes in another form than we do (a
 * quantity) counts as not there, which costs an apply that changes nothing.
 */
export function covers(there: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    return (
      Array.isArray(there) &&
      there.length === wanted.length &&
      wanted.every((entry: unknown, at) => covers(there[at], entry))
    );
  }
  if (!isRecord(wanted)) return wanted === undefined || there === wanted;
  return (
    isRecord(there) && Object.entries(wanted).every(([field, value]) => covers(there[field], value))
  );
}
