import { isRecord } from './object.ts';

/**
 * covers tells whether all that is wanted is there. What others have added to objects does not matter;
 * lists must have the same entries, and an undefined field wants nothing. Absent is not empty, and what a
 * server writes in another form than we do (a quantity) counts as not there: at worst that costs an apply
 * which changes nothing.
 */
export function covers(there: unknown, wanted: unknown): boolean {
  return lacking(there, wanted, false) === undefined;
}

/**
 * missingIn is the path of the first thing that is wanted and not there, below `at`; undefined when all is
 * there. Unlike for {@link covers}, an empty list or object may be absent: servers drop it on the way to
 * another cluster, and nothing is lost with it.
 */
export function missingIn(there: unknown, wanted: unknown, at = ''): string | undefined {
  const path = lacking(there, wanted, true);
  if (path === undefined) return undefined;
  return at === '' ? path.replace(/^\./, '') : `${at}${path}`;
}

/** The path of the first difference (`.spec.list[0]`), put together only once there is one. */
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
