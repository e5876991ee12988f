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
