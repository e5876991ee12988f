/**
 * What a workload cluster reports, as it may be written to the management side and printed: a cluster can be
 * hostile, and its report must neither fill an object nor change what a terminal shows.
 */

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

/** The text without control characters, with at most so many UTF-16 units; a longer one ends with an ellipsis. */
export function cutText(text: string, most: number): string {
  // Cut first: a replacement over megabytes is wasted.
  const plain = plainText(text.slice(0, most + 1));
  return plain.length <= most ? plain : `${plainText(plain.slice(0, most - 1))}…`;
}

/** The first items, and how many more there are. */
export interface Cut<Item> {
  readonly items: readonly Item[];
  readonly more: number;
}

/** The first items of a list, at most so many. */
export function cutList<Item>(items: readonly Item[], most: number): Cut<Item> {
  return { items: items.slice(0, most), more: Math.max(0, items.length - most) };
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
