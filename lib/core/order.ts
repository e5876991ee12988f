/** compareText orders strings by code unit: the same everywhere, whatever the locale. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** sortedRecord is the record with its keys in order, so that equal content has equal bytes. */
export function sortedRecord<Value>(
  record: Readonly<Record<string, Value>>,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).toSorted(([a], [b]) => compareText(a, b)));
}
