/** TerminalError marks a failure that a retry cannot fix: bad input, a missing permission. */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
}

/**
 * Wraps a failure of `work` in an error that names the operation (`cannot <what>`) and keeps the original
 * error as the cause, so that a status or a type can still be found in the chain.
 */
export async function wrapError<Result>(what: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    throw new Error(`cannot ${what}`, { cause });
  }
}

/** The error and all its causes, outermost first; a thrown value that is not an Error ends the chain. */
export function causesOf(error: unknown): readonly Error[] {
  const chain: Error[] = [];
  let next = error;
  while (isError(next) && !chain.includes(next)) {
    chain.push(next);
    next = next.cause;
  }
  return chain;
}

/** Whether the error or any of its causes is a TerminalError. */
export function isTerminal(error: unknown): boolean {
  return causesOf(error).some((cause) => cause instanceof TerminalError);
}

/**
 * All messages of the chain of causes in one line, joined by `: `. An AggregateError (such as that of Node
 * for a refused connection) has no message of its own; its errors are used instead. A message that only
 * repeats the previous one is left out, and so is a last cause that is neither an Error nor a string.
 */
export function messageOf(error: unknown): string {
  const chain = causesOf(error);
  if (chain.length === 0) return String(error);
  const last = chain.at(-1)?.cause;
  const messages = [...chain.map(ownMessage), ...(typeof last === 'string' ? [last] : [])];
  return messages
    .filter((message, at) => message !== '' && message !== messages[at - 1])
    .join(': ');
}

/** The first `code` in the chain of causes, such as `EADDRINUSE` of Node; undefined if there is none. */
export function codeOf(error: unknown): string | undefined {
  const codes = causesOf(error).map((cause) => ('code' in cause ? cause.code : undefined));
  return codes.find((code) => typeof code === 'string');
}

/**
 * Also true for an Error of another realm, which `instanceof` does not recognize: jest runs tests in their
 * own realm.
 */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

function ownMessage(error: Error): string {
  if (error.message !== '') return error.message;
  if ('errors' in error && Array.isArray(error.errors))
    return error.errors.map(messageOf).join('; ');
  return error.name;
}
