import { isRecord } from './object.ts';

/**
 * covers reports whether an object contains everything that is wanted. Fields that others added are
 * ignored; lists must have the same entries, and undefined is not compared. Absent differs from empty, and
 * a value that the server normalizes (a quantity) counts as missing: at worst this causes an apply without
 * a change.
 */
export function covers(there: unknown, wanted: unknown): boolean {
  return lacking(there, wanted, false) === undefined;
}

/**
 * missingIn returns the path of the first wanted value that is missing, below `at`; undefined if nothing is
 * missing. Unlike in {@link covers}, an empty list or object may be absent: servers drop it when an object
 * is copied to another cluster, and nothing is lost.
 */
export function missingIn(there: unknown, wanted: unknown, at = ''): string | undefined {
  const path = lacking(there, wanted, true);
  if (path === undefined) return undefined;
  return at === '' ? path.replace(/^\./, '') : `${at}${path}`;
}

/** The path of the first difference (`.spec.list[0]`), built only if there is one. */
function lacking(there: unknown, wanted: unknown, emptyMayLack: boolean): string | undefined {
  if (wanted === undefined) return undefined;
  if (Array.isArray(wanted)) return lackingInList(there, wanted, emptyMayLack);
  if (isRecord(wanted)) return lackingInRecord(there, wanted, emptyMayLack);
  return wanted === there ? undefined : '';
}

function lackingInList(
  there: unknown,
  wanted: readonly unknown[],
  emptyMayLack: boolean,
): string | undefined {
  if (emptyMayLack && there === undefined && wanted.length === 0) return undefined;
  if (!Array.isArray(there) || there.length !== wanted.length) return '';
  for (const [index, entry] of wanted.entries()) {
    const path = lacking(there[index], entry, emptyMayLack);
    if (path !== undefined) return `[${index}]${path}`;
  }
  return undefined;
}

function lackingInRecord(
  there: unknown,
  wanted: Readonly<Record<string, unknown>>,
  emptyMayLack: boolean,
): string | undefined {
  const fields = Object.entries(wanted).filter(([, value]) => value !== undefined);
  if (emptyMayLack && there === undefined && fields.length === 0) return undefined;
  if (!isRecord(there)) return '';
  for (const [field, value] of fields) {
    const path = lacking(there[field], value, emptyMayLack);
    if (path !== undefined) return `.${field}${path}`;
  }
  return undefined;
}
