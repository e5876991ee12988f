import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from '@jest/globals';
import {
  endless,
  failureOf,
  HOSTILE_MAP as MAP,
  hostileServer,
} from '../../test/fake/hostile-server.ts';
import type { ScriptedServer, WireAnswer } from '../../test/fake/scripted-server.ts';
import type { KubeApi } from './api.ts';
import { type Bounds, BoundError, TRUSTED, UNTRUSTED } from './bounds.ts';
import { isUnreachable } from './errors.ts';

/** What fits into the buffers between server and client, beyond what the client read. */
const IN_FLIGHT = 8 * 2 ** 20;

let server: ScriptedServer;
afterEach(() => server.close());

async function hostile(...given: Parameters<typeof hostileServer>): Promise<KubeApi> {
  const started = await hostileServer(...given);
  server = started.server;
  return started.api;
}

async function* drip(): AsyncGenerator<string> {
  for (;;) {
    yield ' ';
    await delay(10);
  }
}

function page(token: unknown, items: unknown[] = []): WireAnswer {
  return { body: { metadata: { resourceVersion: '1', continue: token }, items } };
}

const FILLER = 'x'.repeat(65_536);

describe('the answers of a hostile API server', () => {
  const bodies: [string, NonNullable<WireAnswer['chunks']>, string][] = [
    ['a string without an end', endless('{"a":"', FILLER), 'more than 4 MiB'],
    ['white space without an end', endless('', ' '.repeat(65_536)), 'more than 4 MiB'],
    ['deep nesting', ['[{"a":'.repeat(200)], 'more than 256 levels of nested JSON'],
    ['tiny values', endless('[0', ',{}'.repeat(20_000)), 'more than 1000000 JSON values'],
  ];
  it.each(bodies)('%s: is not read on', async (_reason, chunks, message) => {
    const api = await hostile(() => ({ chunks }), { bounds: { values: 1_000_000 } });
    for (const work of [() => api.get(MAP), () => api.raw('GET', '/version')]) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const error = await failureOf(work());
      expect(error).toBeInstanceOf(BoundError);
      expect(isUnreachable(error)).toBe(true);
      expect(String(error)).toContain(message);
    }
    expect(server.sent()).toBeLessThan(2 * (UNTRUSTED.objectBytes + IN_FLIGHT));
  });

  it('an error without an end is not read on either', async () => {
    const api = await hostile(() => ({ code: 403, chunks: endless('{"message":"', FILLER) }));
    expect(String(await failureOf(api.get(MAP)))).toContain('more than 4 MiB');
    expect(server.sent()).toBeLessThan(UNTRUSTED.objectBytes + IN_FLIGHT);
  });

  it('a list page without an end is read up to its own bound', async () => {
    const api = await hostile(() => ({ chunks: endless('{"items":["', FILLER) }));
    expect(String(await failureOf(api.list(MAP)))).toContain('more than 16 MiB');
    expect(server.sent()).toBeLessThan(UNTRUSTED.pageBytes + IN_FLIGHT);
  });

  it('a compressed answer is refused: it may be large in memory', async () => {
    const bomb = gzipSync(Buffer.alloc(2 ** 26, ' '));
    const api = await hostile(() => ({ chunks: [bomb], headers: { 'content-encoding': 'gzip' } }));
    expect(String(await failureOf(api.get(MAP)))).toContain('a compression that was not asked for');
    expect(server.requests.at(-1)?.headers['accept-encoding']).toBe('identity');
  });

  it('a body that arrives byte by byte ends with the timeout of the request', async () => {
    const api = await hostile(() => ({ chunks: drip() }), { timeoutMs: 300 });
    const error = await failureOf(api.get(MAP));
    expect(isUnreachable(error)).toBe(true);
    expect(String(error)).toContain('no answer within 0.3 s');
  });

  it('retries after 429 end with the time of the request', async () => {
    const refusal = { code: 429, headers: { 'retry-after': '30' }, body: { kind: 'Status' } };
    const api = await hostile(() => refusal, { bounds: { requestMs: 25_000 } });
    expect(String(await failureOf(api.get(MAP)))).toContain('429');
    expect(server.requests.filter(({ url }) => url.endsWith('/a'))).toHaveLength(1);
  });

  it.each([
    ['JSON that is none', { text: '<html>', headers: { 'content-type': 'application/json' } }],
    ['items that are no objects', { body: { items: [null] } }],
    ['items without metadata', { body: { items: [{}] } }],
    ['metadata that is a text', { body: { items: [{ metadata: 'x' }] } }],
  ])('rubbish is an error with a sentence: %s', async (_reason, answer) => {
    const api = await hostile(() => answer);
    expect(String(await failureOf(api.list(MAP)))).toMatch(/^\w*Error: cannot .* the API server/);
  });

  it('a long message with control characters is cut and cleaned', async () => {
    const message = `\u001b[2J\u202e${'x'.repeat(1_000_000)}`;
    const api = await hostile(() => ({ code: 403, body: { kind: 'Status', message } }));
    const text = String(await failureOf(api.get(MAP)));
    expect(text.length).toBeLessThan(2200);
    expect(text).toContain(' [2J x');
  });
});

interface Pages {
  readonly reason: string;
  readonly answer: () => WireAnswer;
  readonly bounds?: Partial<Bounds>;
  readonly message: string;
  readonly requests: number;
}

function ten(object: object): object[] {
  return Array.from({ length: 10 }, () => object);
}

describe('the pages of a hostile API server', () => {
  let nth = 0;
  function token(): string {
    nth += 1;
    return `t${nth}`;
  }
  const item = { metadata: { name: 'a', annotations: { a: 'x'.repeat(1000) } } };
  const pages: readonly Pages[] = [
    {
      reason: 'a token that repeats',
      answer: () => page('again'),
      message: 'a continue token that it had before',
      requests: 2,
    },
    {
      reason: 'tokens without an end',
      answer: () => page(token()),
      bounds: { pages: 5 },
      message: 'more than 5 pages',
      requests: 5,
    },
    {
      reason: 'a token that is none',
      answer: () => page('x'.repeat(10_000)),
      message: 'a continue token that is too long',
      requests: 1,
    },
    {
      reason: 'many objects',
      answer: () => page(token(), ten({ metadata: {} })),
      bounds: { objects: 25 },
      message: 'more than 25 objects',
      requests: 3,
    },
    {
      reason: 'many bytes',
      answer: () => page(token(), ten(item)),
      bounds: { listBytes: 15_000 },
      message: 'more than 15000 bytes in all pages',
      requests: 2,
    },
    {
      reason: 'many values over all pages',
      answer: () => page(token(), ten({ metadata: { a: [1, 2, 3] } })),
      bounds: { values: 100 },
      message: 'JSON values',
      requests: 2,
    },
  ];
  it.each(pages)('$reason', async ({ answer, bounds = {}, message, requests }) => {
    const api = await hostile(answer, { bounds });
    const error = await failureOf(api.list(MAP));
    expect(error).toBeInstanceOf(BoundError);
    expect(String(error)).toContain(message);
    expect(server.requests.filter(({ url }) => url.includes('limit='))).toHaveLength(requests);
  });

  it('honest pages are read to their end', async () => {
    const answers = [page('t1', [item]), page('t2', [item]), page('', [item])];
    const api = await hostile(() => answers.shift());
    expect((await api.list(MAP)).items).toHaveLength(3);
  });
});

describe('the bounds', () => {
  it('of an untrusted API server are nowhere above those of a trusted one', () => {
    for (const bound of Object.keys(TRUSTED) as (keyof Bounds)[]) {
      expect(UNTRUSTED[bound]).toBeLessThanOrEqual(TRUSTED[bound]);
    }
  });

  it('take a page of CRDs, and as many objects as a list may have', () => {
    expect(UNTRUSTED.pageBytes / UNTRUSTED.pageObjects).toBeGreaterThan(300 * 2 ** 10);
    expect(UNTRUSTED.pages * UNTRUSTED.pageObjects).toBe(UNTRUSTED.objects);
  });

  it('take an object that etcd takes, and the Nodes of a large cluster', () => {
    expect(UNTRUSTED.objectBytes).toBeGreaterThan((1.5 * 2 ** 20 * 4) / 3);
    expect(UNTRUSTED.listBytes).toBeGreaterThan(1000 * 20 * 2 ** 10);
  });
});
