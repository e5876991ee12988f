/** IN_FLIGHT is how many requests one pass has under way: more only queue up in a small API server. */
export const IN_FLIGHT = 12;

/** eachOf does the work for all items, {@link IN_FLIGHT} at a time; fails with the first failure. */
export async function eachOf<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  const results = new Map<number, Result>();
  const queue = [...items.entries()];
  async function worker(): Promise<void> {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const [at, item] = next;
      // oxlint-disable-next-line no-await-in-loop -- each worker does one after the other
      results.set(at, await work(item));
    }
  }
  try {
    await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  } catch (error) {
    queue.length = 0;
    throw error;
  }
  return items.flatMap((_item, at) => {
    const result = results.get(at);
    return result === undefined ? [] : [result];
  });
}
