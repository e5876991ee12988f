import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { Readable } from 'node:stream';

/** WireRequest is a request as it came over the wire. */
export interface WireRequest {
  readonly method: string;
  /** Path with query. */
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: unknown;
}

/** WireAnswer is sent back; an array body is a stream of JSON lines, which then ends. */
export interface WireAnswer {
  readonly code?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  /** Plain text instead of JSON. */
  readonly text?: string;
  /** JSON lines of a watch. */
  readonly lines?: readonly unknown[];
  /** Parts of a JSON body that may never end; the server sends no more than the client reads. */
  readonly chunks?: Iterable<string | Buffer> | AsyncIterable<string | Buffer>;
  /** Whether the stream stays open after its lines, or breaks, instead of ending. */
  readonly after?: 'open' | 'break';
}

/** ServerIdentity is what a server shows that speaks TLS, and how it is trusted; all as PEM. */
export interface ServerIdentity {
  readonly authority: string;
  readonly certificate: string;
  readonly privateKey: string;
  /** Name in the certificate. */
  readonly host: string;
}

/**
 * ScriptedServer stands for an API server in wire tests: on a port of the loopback, plain HTTP unless it
 * has an identity.
 */
export interface ScriptedServer {
  readonly kubeconfig: string;
  readonly url: string;
  readonly requests: readonly WireRequest[];
  /** Bytes that the operating system took from answers with chunks. */
  sent(): number;
  close(): Promise<void>;
}

/** Starts a server that answers as the script says; an undefined answer leaves the request hanging. */
export async function scriptedServer(
  script: (request: WireRequest) => WireAnswer | undefined,
  identity?: ServerIdentity,
): Promise<ScriptedServer> {
  const requests: WireRequest[] = [];
  const streams: http.ServerResponse['socket'][] = [];
  function listener(incoming: http.IncomingMessage, response: http.ServerResponse): void {
    let text = '';
    incoming.setEncoding('utf8');
    incoming.on('data', (chunk: string) => (text += chunk));
    incoming.on('end', () => {
      const { method = '', url = '', headers } = incoming;
      const body: unknown = text === '' ? undefined : JSON.parse(text);
      const request = { method, url, headers, body };
      requests.push(request);
      const answer = script(request);
      if (answer?.chunks !== undefined) streams.push(response.socket);
      reply(response, answer);
    });
  }
  const server =
    identity === undefined
      ? http.createServer(listener)
      : https.createServer({ cert: identity.certificate, key: identity.privateKey }, listener);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const url = urlOf(server.address(), identity);
  return {
    kubeconfig: kubeconfigOf(url, identity),
    url,
    requests,
    sent: () => streams.reduce((sum, socket) => sum + (socket?.bytesWritten ?? 0), 0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function reply(response: http.ServerResponse, answer: WireAnswer | undefined): void {
  if (answer === undefined) return;
  const type = answer.text === undefined ? 'application/json' : 'text/plain';
  response.writeHead(answer.code ?? 200, { 'content-type': type, ...answer.headers });
  // The client closes the connection when it has enough.
  if (answer.chunks !== undefined) readableOf(answer.chunks).pipe(response);
  else if (answer.lines !== undefined) replyLines(response, answer.lines, answer.after);
  else response.end(answer.text ?? JSON.stringify(answer.body ?? {}));
}

function readableOf(chunks: NonNullable<WireAnswer['chunks']>): Readable {
  return Readable.from(chunks, { objectMode: false }).on('error', () => undefined);
}

function replyLines(
  response: http.ServerResponse,
  lines: readonly unknown[],
  after: WireAnswer['after'],
): void {
  response.flushHeaders();
  for (const line of lines) response.write(`${JSON.stringify(line)}\n`);
  if (after === 'break') setImmediate(() => response.destroy());
  else if (after !== 'open') response.end();
}

function urlOf(address: AddressInfo | string | null, identity: ServerIdentity | undefined): string {
  if (address === null || typeof address === 'string') throw new Error('cannot listen on a port');
  return `${identity === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}`;
}

function kubeconfigOf(url: string, identity: ServerIdentity | undefined): string {
  const cluster =
    identity === undefined
      ? { server: url, 'insecure-skip-tls-verify': true }
      : {
          server: url,
          'certificate-authority-data': Buffer.from(identity.authority).toString('base64'),
          'tls-server-name': identity.host,
        };
  return JSON.stringify({
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    clusters: [{ name: 'test', cluster }],
    users: [{ name: 'test', user: { token: 'secret-token' } }],
  });
}
