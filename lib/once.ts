/** once runs asynchronous work when it is first asked for; everybody gets its result, also if it failed. */
export function once<Result>(work: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | undefined;
  return () => (result ??= work());
}
