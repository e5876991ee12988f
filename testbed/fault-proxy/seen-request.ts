/** SeenRequest is one request as the proxy saw it. */
export interface SeenRequest {
  /** Counts all requests, from 1. */
  readonly n: number;
  /** Counts the writes, from 1; undefined for what does not count as one. */
  readonly write: number | undefined;
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  readonly userAgent: string;
  /** `application/apply-patch+yaml` and the like; empty without a body. */
  readonly contentType: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Status that the client got; undefined while it waits, and when the connection was broken. */
  readonly status: number | undefined;
  /** Milliseconds until the answer was through, for a watch until it ended. */
  readonly ms: number | undefined;
}

/** requestLine is a request in the log: number, what, how it ended, how long it took, who. */
export function requestLine(request: SeenRequest): string {
  const { n, write, method, url, status, ms, userAgent } = request;
  const number = write === undefined ? `${n}` : `${n} w${write}`;
  return `${number} ${method} ${url} ${status ?? 'broken'} ${Math.round(ms ?? 0)} ms ${userAgent}`;
}
