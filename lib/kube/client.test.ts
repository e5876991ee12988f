import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { KubeApi } from './api.ts';
import { clientFromFile, clientFromString, clientInCluster } from './client.ts';
import { NoMatchError, StatusError, UnreachableError } from './errors.ts';
import {
  type ScriptedServer,
  scriptedServer,
  type WireAnswer,
  type WireRequest,
} from '../../test/fake/scripted-server.ts';

const V1 = {
  resources: [
    { name: 'configmaps', kind: 'ConfigMap', namespaced: true },
    { name: 'nodes', kind: 'Node', namespaced: false },
    { name: 'nodes/status', kind: 'Node', namespaced: false },
  ],
};
const MAP = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'ns' } };
const REF = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: 'ns' };
const AT = '/api/v1/namespaces/ns/configmaps';

let server: ScriptedServer;
afterEach(() => server.close());

/** A client of a server that supports discovery of v1 and answers everything else from the script. */
async function start(
  script: (request: WireRequest) => WireAnswer | undefined,
  timeoutMs = 5000,
): Promise<KubeApi> {
  server = await scriptedServer((request) =>
    request.url === '/api/v1' ? { body: V1 } : script(request),
  );
  return clientFromString(server.kubeconfig, { timeoutMs });
}

function failure(code: number, reason: string): WireAnswer {
  return { code, body: { kind: 'Status', code, reason, message: `${reason} it is` } };
}

function lastRequest(): WireRequest {
  const last = server.requests.at(-1);
  if (last === undefined) throw new Error('no request came');
  return last;
}

it('impersonates the configured user', async () => {
  server = await scriptedServer(() => ({ body: V1 }));
  const api = clientFromString(server.kubeconfig, { impersonate: 'system:serviceaccount:a:b' });
  await api.raw('GET', '/api/v1');
  expect(lastRequest().headers['impersonate-user']).toBe('system:serviceaccount:a:b');
});

describe('what goes over the wire', () => {
  const table: readonly [string, (api: KubeApi) => Promise<unknown>, string, string | undefined][] =
    [
      ['get', (api) => api.get(REF), `GET ${AT}/a`, undefined],
      ['list in one namespace', (api) => api.list({ ...REF }), `GET ${AT}?limit=500`, undefined],
      [
        'list everywhere, narrowed',
        (api) => api.list({ apiVersion: 'v1', kind: 'ConfigMap' }, { labelSelector: 'a in (b,c)' }),
        'GET /api/v1/configmaps?labelSelector=a+in+%28b%2Cc%29&limit=500',
        undefined,
      ],
      [
        'create',
        (api) => api.create(MAP, { dryRun: true }),
        `POST ${AT}?dryRun=All`,
        'application/json',
      ],
      [
        'replace',
        (api) => api.replace(MAP, { fieldManager: 'f' }),
        `PUT ${AT}/a?fieldManager=f`,
        'application/json',
      ],
      [
        'apply',
        (api) => api.apply(MAP, { fieldManager: 'f', force: true }),
        `PATCH ${AT}/a?fieldManager=f&force=true`,
        'application/apply-patch+yaml',
      ],
      [
        'merge patch',
        (api) => api.patch(REF, { data: {} }),
        `PATCH ${AT}/a`,
        'application/merge-patch+json',
      ],
      ['JSON patch', (api) => api.patch(REF, []), `PATCH ${AT}/a`, 'application/json-patch+json'],
      [
        'status of a cluster-scoped kind; a namespace means nothing there',
        (api) =>
          api.patch({ ...REF, kind: 'Node', name: 'n' }, { status: {} }, { subresource: 'status' }),
        'PATCH /api/v1/nodes/n/status',
        'application/merge-patch+json',
      ],
      [
        'a raw patch',
        (api) => api.raw('PATCH', '/x', { a: 1 }),
        'PATCH /x',
        'application/merge-patch+json',
      ],
    ];
  it.each(table)('%s', async (_reason, call, line, contentType) => {
    const api = await start(() => ({ body: { ...MAP, items: [] } }));
    await call(api);
    const { method, url, headers } = lastRequest();
    expect(`${method} ${url}`).toBe(line);
    expect(headers['content-type']).toBe(contentType);
    expect(headers.authorization).toBe('Bearer secret-token');
  });

  it('sends DELETE with a Content-Length, without which its options are ignored', async () => {
    const api = await start(() => ({ body: { kind: 'Status' } }));
    await api.delete(REF, { propagationPolicy: 'Foreground', preconditions: { uid: 'u' } });
    const { headers, body } = lastRequest();
    expect(body).toMatchObject({ propagationPolicy: 'Foreground', preconditions: { uid: 'u' } });
    expect(Number(headers['content-length'])).toBe(JSON.stringify(body).length);
    expect(headers['transfer-encoding']).toBeUndefined();
  });

  it('returns text as text', async () => {
    const api = await start(() => ({ text: 'ok' }));
    expect(await api.raw('GET', '/readyz')).toBe('ok');
  });
});

describe('errors', () => {
  it('returns undefined for a missing object, and accepts its deletion', async () => {
    const api = await start(() => failure(404, 'NotFound'));
    expect(await api.get(REF)).toBeUndefined();
    await expect(api.delete(REF)).resolves.toBeUndefined();
    await expect(api.patch(REF, {})).rejects.toThrow('NotFound it is');
  });

  it('carries code and reason, and no credential', async () => {
    const api = await start(() => failure(422, 'Invalid'));
    const error = await api.create(MAP).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StatusError);
    expect(error).toMatchObject({ code: 422, reason: 'Invalid' });
    expect(JSON.stringify(error) + String(error)).not.toContain('secret-token');
  });

  it('times out a request without an answer', async () => {
    const api = await start(() => undefined, 100);
    const error = await api.get(REF).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnreachableError);
    expect(String(error)).toContain('no answer within 0.1 s');
  });

  it('reports that the server is unreachable', async () => {
    const api = await start(() => ({}));
    await server.close();
    await expect(api.get(REF)).rejects.toThrow(
      /cannot reach the API server \(GET \/api\/v1\): .*ECONNREFUSED/,
    );
  });

  it.each([
    ['a short wait, then the answer', 2, '0', [200, 3]],
    ['no more than three times', 9, '0', [429, 4]],
    ['not at all when the server names no time', 9, undefined, [429, 1]],
  ] as const)('429: %s', async (_reason, refusals, after, expected) => {
    let left = refusals;
    const api = await start(() =>
      left-- > 0
        ? {
            ...failure(429, 'TooManyRequests'),
            headers: after === undefined ? {} : { 'retry-after': after },
          }
        : { body: MAP },
    );
    const seen = await api.get(REF).then(
      () => 200,
      (error: unknown) => (error instanceof StatusError ? error.code : error),
    );
    const requests = server.requests.filter(({ url }) => url === `${AT}/a`).length;
    expect([seen, requests]).toEqual(expected);
  });
});

describe('discovery', () => {
  it('runs discovery once for a group and version', async () => {
    const api = await start(() => ({ body: MAP }));
    await Promise.all([api.get(REF), api.get(REF)]);
    await api.get(REF);
    expect(server.requests.filter(({ url }) => url === '/api/v1').length).toBeLessThanOrEqual(2);
  });

  it('repeats discovery for an unknown kind, which may have been installed since', async () => {
    let resources: unknown[] = [];
    const widget = { apiVersion: 'x.io/v1', kind: 'Widget', name: 'w' };
    const api = await start(({ url }) =>
      url === '/apis/x.io/v1' ? { body: { resources } } : { body: { ...widget, metadata: {} } },
    );
    await expect(api.get(widget)).rejects.toThrow('no matches for kind Widget in x.io/v1');
    resources = [{ name: 'widgets', kind: 'Widget', namespaced: false }];
    expect(await api.get(widget)).toMatchObject({ kind: 'Widget' });
  });

  it('treats an unknown group as no match', async () => {
    const api = await start(() => ({ code: 404, text: '404 page not found' }));
    await expect(api.list({ apiVersion: 'x.io/v1', kind: 'Widget' })).rejects.toThrow(NoMatchError);
  });

  it('notices that a kind is no longer served', async () => {
    const api = await start(() => ({ code: 404, text: '404 page not found' }));
    await expect(api.get(REF)).rejects.toThrow(NoMatchError);
  });

  it.each([
    ['a namespaced kind needs a namespace', { ...REF, namespace: '' }, 'give a namespace'],
    ['an object needs a name', { ...REF, name: '' }, 'give it a name'],
  ])('%s', async (_reason, ref, message) => {
    const api = await start(() => ({ body: MAP }));
    await expect(api.get(ref)).rejects.toThrow(message);
  });
});

describe('kubeconfig', () => {
  it('is read again when its file changes', async () => {
    const api = await start(() => ({ body: MAP }));
    const folder = await mkdtemp(join(tmpdir(), 'kubeconfig-'));
    const file = join(folder, 'config');
    await writeFile(file, server.kubeconfig);
    const fromFile = clientFromFile(file);
    await fromFile.get(REF);
    await writeFile(file, server.kubeconfig.replace('secret-token', 'renewed-token'));
    await fromFile.get(REF);
    expect(lastRequest().headers.authorization).toBe('Bearer renewed-token');
    await rm(folder, { recursive: true });
    await api.get(REF);
  });

  it('lists the existing contexts if the wanted one is missing', async () => {
    await start(() => ({}));
    const text = server.kubeconfig.replace('"current-context":"test"', '"current-context":"other"');
    expect(() => clientFromString(text)).toThrow('no context other with a cluster; it has: test');
  });

  it('says what is missing outside of a cluster', () => {
    expect(process.env['KUBERNETES_SERVICE_HOST']).toBeUndefined();
    expect(() => clientInCluster()).toThrow('KUBERNETES_SERVICE_HOST is not set');
  });
});
