/** TerminalError marks a failure that no retry can mend: bad input, a missing permission. */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
}

/**
 * Names what was being done when `work` fails (`cannot <what>`), and keeps what went wrong as the
 * cause, so that a status or a type can still be found in the chain.
 */
export async function wrapError<Result>(what: string, work: Promise<Result>): Promise<Result> {
  try {
    return await work;
  } catch (cause) {
    throw new Error(`cannot ${what}`, { cause });
  }
}

/** The error and all its causes, outermost first; what is thrown but is no Error ends the chain. */
export function causesOf(error: unknown): readonly Error[] {
  const chain: Error[] = [];
  let next = error;
  while (isError(next) && !chain.includes(next)) {
    chain.push(next);
    next = next.cause;
  }
  return chain;
}

/** Whether the error, or any of its causes, is one that no retry can mend. */
export function isTerminal(error: unknown): boolean {
  return causesOf(error).some((cause) => cause instanceof TerminalError);
}

/**
 * The whole story in one line: each message of the chain of causes, joined by `: `. An
 * AggregateError (such as Node's for a refused connection) has no message of its own; it speaks
 * through its errors. A message that only repeats the one before it is left out, and so is a last
 * cause that is neither an Error nor a text.
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

/**
 * The first `code` in the chain of causes, such as Node's `EADDRINUSE`; undefined when there is none.
 */
export function codeOf(error: unknown): string | undefined {
  const codes = causesOf(error).map((cause) => ('code' in cause ? cause.code : undefined));
  return codes.find((code) => typeof code === 'string');
}

/** Also true for an Error of another realm, which `instanceof` misses: jest runs tests in one of their own. */
function isError(value: unknown): value is Error {
  return value instanceof Error || Object.prototype.toString.call(value) === '[object Error]';
}

function ownMessage(error: Error): string {
  if (error.message !== '') return error.message;
  if ('errors' in error && Array.isArray(error.errors))
    return error.errors.map(messageOf).join('; ');
  return error.name;
}
