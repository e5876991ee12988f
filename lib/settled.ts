/**
 * allSettled waits for all promises, then fails with the first failure. Unlike `Promise.all` it leaves
 * nothing running: what a step starts ends before the step does.
 */
export async function allSettled<Result>(
  work: readonly Promise<Result>[],
): Promise<readonly Result[]> {
  const results = await Promise.allSettled(work);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
}

/**
 * Background is work that one step starts and a later one waits for. Its owner waits for all of it at the
 * end, so that nothing continues afterwards.
 */
export class Background {
  readonly #begun: Promise<unknown>[] = [];

  /** Registers the work and returns it; a failure is seen only by those who await it. */
  begin<Result>(work: Promise<Result>): Promise<Result> {
    work.catch(() => undefined);
    this.#begun.push(work);
    return work;
  }

  /** Resolves when all work has ended or failed. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#begun);
  }
}
