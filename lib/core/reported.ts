/**
 * What a workload cluster reports, as it may be written to the management side and printed: a cluster can be
 * hostile, and its report must neither fill an object nor change what a terminal shows.
 */

import { isRecord } from './object.ts';

/**
 * Control characters: C0 and C1 (terminals read C1 as escapes), the bidirectional controls and the invisible
 * characters, which make a text look like another one (Unicode TR 36), the line and paragraph separators, and half
 * characters. A line feed and a tab are also in the list: a message is one line.
 */
const CONTROLS =
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}\p{Surrogate}]/gu;

/** Whether the text has control characters. */
export function hasControls(text: string): boolean {
  return text.search(CONTROLS) >= 0;
}

/** The text without control characters; each becomes a space, so that words stay apart. */
export function plainText(text: string): string {
  return text.replaceAll(CONTROLS, ' ');
}

/** A copy of a JSON value whose texts, also keys, are without control characters. */
export function plainValue<Value>(value: Value): Value;
export function plainValue(value: unknown): unknown {
  if (typeof value === 'string') return plainText(value);
  if (Array.isArray(value)) return value.map((entry: unknown) => plainValue(entry));
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [plainText(key), plainValue(entry)]),
  );
}

/** The text without control characters, with at most so many UTF-16 units; a longer one ends with an ellipsis. */
export function cutText(text: string, most: number): string {
  // Cut first: a replacement over megabytes is wasted.
  const plain = plainText(text.slice(0, most + 1));
  return plain.length <= most ? plain : `${plainText(plain.slice(0, most - 1))}…`;
}

/** Longest message of a condition, in characters: the limit of our schemas (lib/apis/schema/schema.ts). */
export const LONGEST_CONDITION = 2048;

/** The first items, and how many more there are. */
export interface Cut<Item> {
  readonly items: readonly Item[];
  readonly more: number;
}

/** The first items of a list that fit into so many bytes of JSON. */
export function fitList<Item>(items: readonly Item[], bytes: number): Cut<Item> {
  let left = bytes;
  const end = items.findIndex((item) => {
    // With the comma.
    left -= Buffer.byteLength(JSON.stringify(item)) + 1;
    return left < 0;
  });
  return end < 0 ? { items, more: 0 } : { items: items.slice(0, end), more: items.length - end };
}

/** The first lines that fit, each cut; the last line says how many more there are. */
export function fitLines(
  lines: readonly string[],
  limits: { readonly bytes: number; readonly longest: number },
): readonly string[] {
  const cut = lines.map((line) => cutText(line, limits.longest));
  const { items, more } = fitList(cut, limits.bytes);
  return more === 0 ? items : [...items, `and ${more} more`];
}

/** The number if it is a count of objects, otherwise 0. */
export function countOf(value: unknown): number {
  const isCount = typeof value === 'number' && Number.isInteger(value) && value >= 0;
  return isCount ? Math.min(value, 2 ** 31 - 1) : 0;
}

/** The items whose keys differ from those of all items before them. */
export function uniqueBy<Item>(
  items: readonly Item[],
  keyOf: (item: Item) => string,
): readonly Item[] {
  const seen = new Set<string>();
  return items.filter((item) => {
    const key = keyOf(item);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
