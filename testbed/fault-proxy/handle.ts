import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { statusBody, type Fault, type Faults } from './faults.ts';
import { endToEnd, type Forwarder } from './forward.ts';
import type { Moments } from './moments.ts';
import type { Recorder } from './recorder.ts';

/** HandleContext is the context of one request. */
export interface HandleContext {
  readonly record: Recorder;
  readonly faults: Faults;
  readonly moments: Moments;
  readonly forwarder: Forwarder;
}

/** handle serves one request: callbacks and faults, the real server, callbacks and faults again. */
export async function handle(
  incoming: IncomingMessage,
  response: ServerResponse,
  context: HandleContext,
): Promise<void> {
  const { record, forwarder } = context;
  const gone = new AbortController();
  response.on('close', () => {
    record.end(response.headersSent ? response.statusCode : undefined);
    gone.abort();
  });
  const body = await bodyOf(incoming);
  if (await interrupted(response, context, 'before')) return;
  // As on a real server, a write is completed even when its client has disconnected.
  const signal = record.request.write === undefined ? gone.signal : new AbortController().signal;
  const answer = await forwarder.send(incoming, body, signal);
  if (record.request.write === undefined) {
    stream(answer, response);
    return;
  }
  const whole = await bodyOf(answer);
  if (await interrupted(response, context, 'after')) return;
  response.writeHead(answer.statusCode ?? 500, endToEnd(answer.headers)).end(whole);
}

/** Whether a callback or a fault ended the request. */
async function interrupted(
  response: ServerResponse,
  { record, faults, moments }: HandleContext,
  when: 'before' | 'after',
): Promise<boolean> {
  const { request } = record;
  if ((await moments.reach(request, when)) === 'drop') {
    response.destroy();
    return true;
  }
  const fault = faults.take(request, when);
  if (fault !== undefined) await suffer(response, fault);
  return fault !== undefined;
}

async function suffer(response: ServerResponse, fault: Fault): Promise<void> {
  switch (fault.kind) {
    case 'drop':
      response.destroy();
      return;
    case 'stall':
      if (!response.closed) await once(response, 'close');
      return;
    case 'status': {
      const { code, retryAfterSeconds } = fault;
      response.writeHead(code, {
        'content-type': 'application/json',
        ...(retryAfterSeconds !== undefined && { 'retry-after': String(retryAfterSeconds) }),
      });
      response.end(JSON.stringify(statusBody(fault)));
    }
  }
}

/** Streams the response, as watches need it. */
function stream(answer: IncomingMessage, response: ServerResponse): void {
  response.writeHead(answer.statusCode ?? 500, endToEnd(answer.headers));
  response.flushHeaders();
  answer.on('error', () => response.destroy());
  answer.on('close', () => {
    if (!answer.complete) response.destroy();
  });
  answer.pipe(response);
}

async function bodyOf(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}
