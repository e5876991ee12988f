/**
 * eachOf runs the work for all items, at most `inFlight` at a time, and returns the results in the order of
 * the items. Fails with the first failure; work that has not started by then is skipped.
 */
export async function eachOf<Item, Result>(
  items: readonly Item[],
  inFlight: number,
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results: Result[] = [];
  const queue = [...items.entries()];
  async function worker(): Promise<void> {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [at, item] = next;
      // oxlint-disable-next-line no-await-in-loop -- each worker is sequential
      results[at] = await work(item);
    }
  }
  try {
    await Promise.all(Array.from({ length: inFlight }, worker));
  } catch (error) {
    queue.length = 0;
    throw error;
  }
  return results;
}
