import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { type ApiRequest, type Dial, StaleSocketError } from './connection.ts';
import { deadlineOf } from './deadline.ts';
import { type StatusBody, StatusError, UnreachableError } from './errors.ts';

/** Transport sends requests to one API server. */
export interface Transport {
  /** The response: JSON, or text if it is not JSON. Fails with StatusError or UnreachableError. */
  send(request: ApiRequest): Promise<unknown>;
  /** A GET whose response is streamed until the signal stops it. Fails like `send`. */
  open(path: string, signal: AbortSignal): Promise<IncomingMessage>;
}

const RETRIES_AFTER_429 = 3;
const LONGEST_RETRY_AFTER_S = 30;
/** Idle time before TCP keepalive probes; libuv then sends ten probes, one per second. */
const PROBE_AFTER_MS = 15_000;

/** Creates a transport; `timeoutMs` limits each request, and the time to the headers of each stream. */
export function transportOver(dial: Dial, timeoutMs: number): Transport {
  async function once(request: ApiRequest): Promise<Answer> {
    const { signal, cancel } = deadlineOf(timeoutMs);
    try {
      return await collect(await dial(request, signal));
    } catch (error) {
      if (request.method === 'GET' && error instanceof StaleSocketError) return await once(request);
      throw unreachable(request, signal.aborted ? signal.reason : error);
    } finally {
      cancel();
    }
  }

  async function send(request: ApiRequest): Promise<unknown> {
    for (let attempt = 0; ; attempt++) {
      const answer = await once(request);
      if (answer.code < 300) return answer.json ? JSON.parse(answer.text) : answer.text;
      const { retryAfter } = answer;
      if (answer.code !== 429 || retryAfter === undefined || attempt === RETRIES_AFTER_429) {
        throw statusError(request, answer);
      }
      await delay(Math.min(retryAfter, LONGEST_RETRY_AFTER_S) * 1000);
    }
  }

  async function open(path: string, signal: AbortSignal): Promise<IncomingMessage> {
    const request = { method: 'GET', path };
    // The stream outlives the timeout of its headers, so it has its own signal.
    const stream = new AbortController();
    const head = deadlineOf(timeoutMs, signal);
    head.signal.addEventListener('abort', () => stream.abort(head.signal.reason), { once: true });
    if (signal.aborted) stream.abort(signal.reason);
    try {
      const response = await dial(request, stream.signal);
      if ((response.statusCode ?? 0) >= 300) throw statusError(request, await collect(response));
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

  return { send, open };
}

interface Answer {
  readonly code: number;
  readonly text: string;
  readonly json: boolean;
  readonly retryAfter: number | undefined;
}

async function collect(response: IncomingMessage): Promise<Answer> {
  let text = '';
  response.setEncoding('utf8');
  for await (const chunk of response) text += String(chunk);
  if (!response.complete) throw new Error('the answer was cut off');
  const retryAfter = Number(response.headers['retry-after']);
  return {
    code: response.statusCode ?? 0,
    text,
    json: /\bjson\b/.test(response.headers['content-type'] ?? ''),
    retryAfter: Number.isFinite(retryAfter) && retryAfter >= 0 ? retryAfter : undefined,
  };
}

function statusError(request: ApiRequest, answer: Answer): StatusError {
  const name = `${request.method} ${request.path}`;
  const body: unknown = answer.json ? JSON.parse(answer.text) : undefined;
  return isStatus(body)
    ? new StatusError(name, answer.code, body)
    : new StatusError(name, answer.code, {});
}

function isStatus(body: unknown): body is StatusBody {
  return typeof body === 'object' && body !== null && 'kind' in body && body.kind === 'Status';
}

function unreachable(request: ApiRequest, error: unknown): UnreachableError {
  const why = error instanceof Error ? error.message : String(error);
  const path = request.path.replace(/\?.*$/, '');
  return new UnreachableError(
    `cannot reach the API server (${request.method} ${path}): ${why || 'connection failed'}`,
    { cause: error },
  );
}
