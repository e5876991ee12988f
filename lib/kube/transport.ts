import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { isRecord } from '../core/object.ts';
import { BoundedText } from './bounded-text.ts';
import { BoundError, type Bounds, exceeded } from './bounds.ts';
import { type ApiRequest, type Dial, StaleSocketError } from './connection.ts';
import { deadlineOf } from './deadline.ts';
import { type StatusBody, StatusError, UnreachableError } from './errors.ts';
import { currentPatience, type Patience } from './patience.ts';

/** Transport sends requests to one API server. */
export interface Transport {
  /** What an answer may have at most. */
  readonly bounds: Bounds;
  /**
   * The response: JSON, or text if it is not JSON. Fails with StatusError or UnreachableError, which is a
   * BoundError if the response exceeds a bound.
   */
  send(request: ApiRequest): Promise<unknown>;
  /** A GET whose response is streamed until the signal stops it. Fails like `send`. */
  open(path: string, signal: AbortSignal): Promise<IncomingMessage>;
}

/** TransportOptions configure a transport. */
export interface TransportOptions {
  /** Limits each request with its body, and the time to the headers of each stream, in milliseconds. */
  readonly timeoutMs: number;
  readonly bounds: Bounds;
  /** Whether the work that the request belongs to may run out of patience: see patience.ts. */
  readonly patient?: boolean;
}

const RETRIES_AFTER_429 = 3;
const LONGEST_RETRY_AFTER_S = 30;
/** Idle time before TCP keepalive probes; libuv then sends ten probes, one per second. */
const PROBE_AFTER_MS = 15_000;

/** Creates a transport. */
export function transportOver(dial: Dial, options: TransportOptions): Transport {
  const { bounds, patient = false } = options;
  const sender = new Sender(dial, options);
  function patiently<Result>(
    send: (patience: Patience | undefined) => Promise<Result>,
  ): Promise<Result> {
    const patience = patient ? currentPatience() : undefined;
    return patience === undefined ? send(patience) : patience.request(() => send(patience));
  }
  return {
    bounds,
    send: (request) => patiently((patience) => sender.send(request, patience)),
    open: (path, signal) => patiently((patience) => sender.open(path, signal, patience)),
  };
}

class Sender {
  readonly #dial: Dial;
  readonly #timeoutMs: number;
  readonly #bounds: Bounds;

  constructor(dial: Dial, { timeoutMs, bounds }: TransportOptions) {
    this.#dial = dial;
    this.#timeoutMs = timeoutMs;
    this.#bounds = bounds;
  }

  async send(request: ApiRequest, patience: Patience | undefined): Promise<unknown> {
    const end = performance.now() + this.#bounds.requestMs;
    for (let attempt = 0; ; attempt++) {
      const answer = await this.#once(request, patience);
      if (answer.code < 300) return answer.json ? parsed(request, answer.text) : answer.text;
      const { code, retryAfter } = answer;
      if (code !== 429 || retryAfter === undefined || attempt === RETRIES_AFTER_429) {
        throw statusError(request, answer);
      }
      const waitMs = Math.min(retryAfter, LONGEST_RETRY_AFTER_S) * 1000;
      if (performance.now() + waitMs + this.#timeoutMs > end) throw statusError(request, answer);
      await delay(waitMs, undefined, { signal: patience?.signal }).catch(() => undefined);
    }
  }

  async open(
    path: string,
    signal: AbortSignal,
    patience: Patience | undefined,
  ): Promise<IncomingMessage> {
    const request = { method: 'GET', path };
    // The stream outlives the timeout of its headers, so it has its own signal.
    const stream = new AbortController();
    const head = deadlineOf(this.#timeoutMs, signal, patience?.signal);
    head.signal.addEventListener('abort', () => stream.abort(head.signal.reason), { once: true });
    if (head.signal.aborted) stream.abort(head.signal.reason);
    try {
      const response = await this.#dial(request, stream.signal);
      if ((response.statusCode ?? 0) >= 300) {
        throw statusError(request, await collect(response, this.#object()));
      }
      if (isCompressed(response)) throw unwantedCompression(response);
      response.socket.setKeepAlive(true, PROBE_AFTER_MS);
      signal.addEventListener('abort', () => stream.abort(signal.reason), { once: true });
      return response;
    } catch (error) {
      if (error instanceof StatusError) throw error;
      throw unreachable(request, stream.signal.aborted ? stream.signal.reason : error);
    } finally {
      head.cancel();
    }
  }

  async #once(request: ApiRequest, patience: Patience | undefined): Promise<Answer> {
    const { signal, cancel } = deadlineOf(this.#timeoutMs, patience?.signal);
    try {
      signal.throwIfAborted();
      const response = await this.#dial(request, signal);
      return await collect(response, request.into?.() ?? this.#object());
    } catch (error) {
      if (request.method === 'GET' && error instanceof StaleSocketError) {
        return await this.#once(request, patience);
      }
      throw unreachable(request, signal.aborted ? signal.reason : error);
    } finally {
      cancel();
    }
  }

  /** An empty text within the bounds of one object. */
  #object(): BoundedText {
    const { objectBytes: bytes, values, depth } = this.#bounds;
    return new BoundedText({ bytes, values, depth });
  }
}

interface Answer {
  readonly code: number;
  readonly text: string;
  readonly json: boolean;
  readonly retryAfter: number | undefined;
}

/** Reads the body; an exception closes the connection. */
async function collect(response: IncomingMessage, body: BoundedText): Promise<Answer> {
  if (isCompressed(response)) throw unwantedCompression(response);
  const chunks: AsyncIterable<Buffer> = response;
  for await (const chunk of chunks) body.add(chunk);
  if (!response.complete) throw new Error('the answer was cut off');
  const retryAfter = Number(response.headers['retry-after']);
  return {
    code: response.statusCode ?? 0,
    text: body.text(),
    json: /\bjson\b/.test(response.headers['content-type'] ?? ''),
    retryAfter: Number.isFinite(retryAfter) && retryAfter >= 0 ? retryAfter : undefined,
  };
}

function isCompressed({ headers }: IncomingMessage): boolean {
  return (headers['content-encoding'] ?? 'identity') !== 'identity';
}

function unwantedCompression(response: IncomingMessage): BoundError {
  response.destroy();
  return exceeded('a compression that was not asked for');
}

function statusError(request: ApiRequest, answer: Answer): StatusError {
  const name = `${request.method} ${request.path}`;
  const body = answer.json ? parsed(request, answer.text) : undefined;
  return isStatus(body)
    ? new StatusError(name, answer.code, body)
    : new StatusError(name, answer.code, {});
}

function isStatus(body: unknown): body is StatusBody {
  if (!isRecord(body)) return false;
  const { kind, message = '', reason = '' } = body;
  return kind === 'Status' && typeof message === 'string' && typeof reason === 'string';
}

/** The text is not quoted: see StatusError. */
function parsed(request: ApiRequest, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unreachable(request, new Error('the answer is not valid JSON'));
  }
}

function unreachable(request: ApiRequest, error: unknown): UnreachableError {
  const why = error instanceof Error ? error.message : String(error);
  const which = `${request.method} ${request.path.replace(/\?.*$/, '')}`;
  if (error instanceof BoundError) return new BoundError(`${why} (${which})`);
  return new UnreachableError(
    `cannot reach the API server (${which}): ${why || 'connection failed'}`,
    { cause: error },
  );
}
