import { afterEach, describe, expect, it } from '@jest/globals';
import type { KubeApi } from './api.ts';
import { clientFromString } from './client.ts';
import {
  type ScriptedServer,
  scriptedServer,
  type WireAnswer,
} from '../../test/fake/scripted-server.ts';

const TYPE = { apiVersion: 'v1', kind: 'ConfigMap' };
const DISCOVERY = { resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true }] };

let server: ScriptedServer;
let stop = new AbortController();
afterEach(() => {
  stop.abort();
  stop = new AbortController();
  return server.close();
});

/** A server that returns its answers to lists and watches in order, then leaves requests open. */
async function start(lists: WireAnswer[], watches: WireAnswer[] = []): Promise<KubeApi> {
  server = await scriptedServer(({ url }) => {
    if (url === '/api/v1') return { body: DISCOVERY };
    return url.includes('watch=true') ? watches.shift() : lists.shift();
  });
  return clientFromString(server.kubeconfig, { timeoutMs: 2000 });
}

function map(name: string, resourceVersion: string, uid = `uid-${name}`): object {
  return { metadata: { name, namespace: 'ns', uid, resourceVersion } };
}

function page(resourceVersion: string, items: object[], more = ''): WireAnswer {
  return { body: { metadata: { resourceVersion, continue: more }, items } };
}

function event(type: string, name: string, resourceVersion: string): object {
  return { type, object: { ...TYPE, ...map(name, resourceVersion) } };
}

/** Watches until a number of events arrived, and returns them as short text. */
async function told(api: KubeApi, count: number): Promise<{ events: string[]; errors: string[] }> {
  const events: string[] = [];
  const errors: string[] = [];
  await api.watch(
    TYPE,
    ({ type, object }) => {
      events.push(`${type} ${object.metadata.name ?? ''}@${object.metadata.resourceVersion ?? ''}`);
      if (events.length === count) stop.abort();
    },
    { signal: stop.signal, onError: (error) => errors.push(String(error)) },
  );
  return { events, errors };
}

function watchedFrom(): (string | null)[] {
  return server.requests
    .filter(({ url }) => url.includes('watch=true'))
    .map(({ url }) => new URLSearchParams(url.split('?')[1]).get('resourceVersion'));
}

describe('list', () => {
  it('reads page by page and sets the kind of items', async () => {
    const api = await start([page('7', [map('a', '1')], 'next'), page('7', [map('b', '2')])]);
    const list = await api.list(TYPE);
    expect(list.resourceVersion).toBe('7');
    expect(list.items.map(({ kind, metadata }) => [kind, metadata.name])).toEqual([
      ['ConfigMap', 'a'],
      ['ConfigMap', 'b'],
    ]);
    expect(server.requests.at(-1)?.url).toContain('continue=next');
  });

  it('restarts without pagination if the continue token has expired', async () => {
    const api = await start([
      page('7', [map('a', '1')], 'next'),
      { code: 410, body: { kind: 'Status', code: 410, reason: 'Expired' } },
      page('9', [map('a', '1'), map('b', '8')]),
    ]);
    const list = await api.list(TYPE);
    expect(list.items.map(({ metadata }) => metadata.name)).toEqual(['a', 'b']);
    expect(server.requests.at(-1)?.url).toBe('/api/v1/configmaps');
  });

  it('treats null items as an empty list', async () => {
    const api = await start([{ body: { metadata: { resourceVersion: '1' }, items: null } }]);
    expect((await api.list(TYPE)).items).toEqual([]);
  });
});

describe('watch', () => {
  it('delivers the list, SYNCED, then changes', async () => {
    const lines = [event('MODIFIED', 'a', '6'), event('DELETED', 'a', '7')];
    const api = await start([page('5', [map('a', '1')])], [{ lines, after: 'open' }]);
    const { events, errors } = await told(api, 4);
    expect(events).toEqual(['ADDED a@1', 'SYNCED @5', 'MODIFIED a@6', 'DELETED a@7']);
    expect(errors).toEqual([]);
  });

  const bookmark = { type: 'BOOKMARK', object: { ...TYPE, metadata: { resourceVersion: '42' } } };

  it('resumes from the last observed version, including bookmarks, after the server ended the stream', async () => {
    const api = await start(
      [page('5', [])],
      [
        { lines: [event('ADDED', 'a', '6'), bookmark] },
        { lines: [event('MODIFIED', 'a', '50')], after: 'open' },
      ],
    );
    const { events, errors } = await told(api, 3);
    expect(events).toEqual(['SYNCED @5', 'ADDED a@6', 'MODIFIED a@50']);
    expect(watchedFrom()).toEqual(['5', '42']);
    expect(errors).toEqual([]);
  });

  it('lists again after the stream broke: what the server has now may be older', async () => {
    const api = await start(
      [page('5', []), page('4', [map('a', '3')])],
      [
        { lines: [event('ADDED', 'a', '6'), bookmark], after: 'break' },
        { lines: [], after: 'open' },
      ],
    );
    const { events, errors } = await told(api, 4);
    expect(events).toEqual(['SYNCED @5', 'ADDED a@6', 'MODIFIED a@3', 'SYNCED @4']);
    expect(errors).toEqual([expect.stringContaining('the stream broke')]);
  });

  const gone = { kind: 'Status', apiVersion: 'v1', metadata: {}, code: 410, reason: 'Expired' };
  it.each<[string, WireAnswer]>([
    ['as an event', { lines: [{ type: 'ERROR', object: gone }] }],
    ['as an answer', { code: 410, body: gone }],
  ])('lists again after 410 %s and delivers only deletions and changes', async (_how, answer) => {
    const api = await start(
      [
        page('5', [
          map('same', '1'),
          map('gone', '2'),
          map('changed', '3'),
          map('again', '4', 'u1'),
        ]),
        page('9', [
          map('same', '1'),
          map('changed', '8'),
          map('again', '7', 'u2'),
          map('new', '9'),
        ]),
      ],
      [answer, { lines: [], after: 'open' }],
    );
    const { events } = await told(api, 11);
    expect(events.slice(5)).toEqual([
      'DELETED gone@2',
      'DELETED again@4',
      'MODIFIED changed@8',
      'ADDED again@7',
      'ADDED new@9',
      'SYNCED @9',
    ]);
    expect(events.slice(4, 5)).toEqual(['SYNCED @5']);
  });

  it('delivers nothing after the signal', async () => {
    const lines = [event('ADDED', 'a', '6'), event('ADDED', 'b', '7')];
    const api = await start([page('5', [])], [{ lines }]);
    expect((await told(api, 2)).events).toEqual(['SYNCED @5', 'ADDED a@6']);
  });

  it('stops immediately on the signal while the server is silent', async () => {
    const api = await start([page('5', [])], [{ lines: [], after: 'open' }]);
    const done = told(api, 99);
    setTimeout(() => stop.abort(), 100);
    expect((await done).events).toEqual(['SYNCED @5']);
  });

  it('fails with the exception of the consumer', async () => {
    const api = await start([page('5', [map('a', '1')])]);
    const watching = api.watch(
      TYPE,
      () => {
        throw new Error('consumer is broken');
      },
      { signal: stop.signal },
    );
    await expect(watching).rejects.toThrow('consumer is broken');
  });
});
