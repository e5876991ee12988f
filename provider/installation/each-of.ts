import { eachOf as eachOfAtOnce } from '../../lib/each-of.ts';

/** IN_FLIGHT is how many requests one pass has under way: more only queue up in a small API server. */
export const IN_FLIGHT = 12;

/** eachOf does the work for all items, {@link IN_FLIGHT} at a time; fails with the first failure. */
export function eachOf<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  return eachOfAtOnce(items, IN_FLIGHT, work);
}
