/**
 * allSettled waits for all of the work, then fails with the first failure. Unlike `Promise.all` it leaves
 * nothing running behind: what a step has begun ends before the step does.
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
 * Background is what one step has begun and a later one waits for. Whoever owns it waits for all of it at the
 * end, so that nothing goes on behind that.
 */
export class Background {
  readonly #begun: Promise<unknown>[] = [];

  /** Gives the work back; whoever waits for it hears of its failure, nobody else. */
  begin<Result>(work: Promise<Result>): Promise<Result> {
    work.catch(() => undefined);
    this.#begun.push(work);
    return work;
  }

  /** Resolves when all that was begun has ended or failed. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#begun);
  }
}
