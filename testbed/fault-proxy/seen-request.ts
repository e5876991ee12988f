/** SeenRequest is one request as recorded by the proxy. */
export interface SeenRequest {
  /** Number of the request, from 1. */
  readonly n: number;
  /** Number of the write, from 1; undefined for other requests. */
  readonly write: number | undefined;
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  readonly userAgent: string;
  /** `application/apply-patch+yaml` and the like; empty without a body. */
  readonly contentType: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Status code for the client; undefined while it waits, and when the connection was closed. */
  readonly status: number | undefined;
  /** Milliseconds until the response was complete; for a watch until its end. */
  readonly ms: number | undefined;
}

/** requestLine is the log line of a request: number, request, result, duration, client. */
export function requestLine(request: SeenRequest): string {
  const { n, write, method, url, status, ms, userAgent } = request;
  const number = write === undefined ? `${n}` : `${n} w${write}`;
  return `${number} ${method} ${url} ${status ?? 'broken'} ${Math.round(ms ?? 0)} ms ${userAgent}`;
}
