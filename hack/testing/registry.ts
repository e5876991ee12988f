import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** TestingRegistry is an in-memory registry that follows the specification. */
export interface TestingRegistry {
  readonly origin: string;
  /** Requests so far, such as `PUT /v2/a/manifests/v1`, in order; uploads without their query. */
  readonly requests: readonly string[];
  /** Manifests by repository and tag, such as `a:v1`. */
  readonly manifests: ReadonlyMap<string, string>;
  /** Digests by repository. */
  readonly blobs: ReadonlyMap<string, ReadonlySet<string>>;
  close(): Promise<void>;
}

interface State {
  readonly manifests: Map<string, string>;
  readonly blobs: Map<string, Set<string>>;
}

interface Call {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Buffer;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly text?: string;
}

const CHALLENGE = { 'WWW-Authenticate': 'Bearer realm="https://token.example"' };

/** Starts a registry; with `authorization` it sends a challenge and accepts only this header. */
export async function startTestingRegistry(authorization?: string): Promise<TestingRegistry> {
  const state: State = { manifests: new Map(), blobs: new Map() };
  const requests: string[] = [];

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://registry');
    const body = await buffer(request);
    requests.push(`${request.method} ${pathname}`);
    const known = authorization === undefined || request.headers.authorization === authorization;
    const call = { path: `${request.method} ${pathname}`, query: searchParams, body };
    const answer: Answer = known ? answerTo(call, state) : { status: 401, headers: CHALLENGE };
    response.writeHead(answer.status, answer.headers).end(answer.text);
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('listens on no port');
  return {
    ...state,
    requests,
    origin: `http://127.0.0.1:${address.port}`,
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function answerTo(call: Call, state: State): Answer {
  const [, method = '', repository = '', rest = ''] =
    /^(\w+) \/v2\/(.+)\/((?:blobs|manifests)\/.*)$/.exec(call.path) ?? [];
  const blobs = state.blobs.get(repository) ?? new Set();
  state.blobs.set(repository, blobs);
  if (method === 'HEAD') return { status: blobs.has(rest.replace('blobs/', '')) ? 200 : 404 };
  if (method === 'POST') return beginUpload(call, repository, state);
  if (rest.startsWith('blobs/')) return endUpload(call, blobs);
  return takeManifest(call, [repository, rest.replace('manifests/', '')], state);
}

function beginUpload({ query }: Call, repository: string, { blobs }: State): Answer {
  const [mount, from] = [query.get('mount') ?? '', query.get('from') ?? ''];
  if (blobs.get(from)?.has(mount) === true) {
    blobs.get(repository)?.add(mount);
    return { status: 201 };
  }
  return { status: 202, headers: { Location: `/v2/${repository}/blobs/uploads/1?_state=a%3D` } };
}

function endUpload({ query, body }: Call, blobs: Set<string>): Answer {
  const digest = query.get('digest') ?? '';
  if (query.get('_state') !== 'a=') return { status: 404, text: 'upload unknown' };
  if (digest !== digestOf(body)) return { status: 400, text: 'digest invalid' };
  blobs.add(digest);
  return { status: 201 };
}

function takeManifest(
  { body }: Call,
  [repository, tag]: readonly [string, string],
  { blobs, manifests }: State,
): Answer {
  const named = body.toString().match(/sha256:[0-9a-f]{64}/g) ?? [];
  const missing = named.filter(
    (digest) =>
      blobs.get(repository)?.has(digest) !== true && !manifests.has(`${repository}:${digest}`),
  );
  if (missing.length > 0) return { status: 400, text: 'manifest blob unknown' };
  manifests.set(`${repository}:${tag}`, body.toString());
  return { status: 201, headers: { 'Docker-Content-Digest': digestOf(body) } };
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
