import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import type { KubeObject } from '../core/object.ts';
import {
  type ScriptedServer,
  scriptedServer,
  type WireAnswer,
} from '../../test/fake/scripted-server.ts';
import { clientByToken, inClusterAccess, type TokenAccess } from './token-client.ts';

const V1 = { resources: [{ name: 'configmaps', kind: 'ConfigMap', namespaced: true }] };
const MAP = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'a', namespace: 'ns', uid: '1', managedFields: [{ manager: 'm' }] },
};
const TYPE = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'ns' };

let server: ScriptedServer;
afterEach(() => server.close());

async function start(answer: (url: string) => WireAnswer): Promise<string> {
  server = await scriptedServer(({ url }) => (url === '/api/v1' ? { body: V1 } : answer(url)));
  const { clusters } = parse(server.kubeconfig) as { clusters: { cluster: { server: string } }[] };
  return clusters[0]?.cluster.server ?? '';
}

function to(url: string): TokenAccess {
  return { server: url, authority: undefined, token: 't' };
}

describe('clientByToken', () => {
  it('reads the token for each request, and sends its user agent', async () => {
    const url = await start(() => ({ body: MAP }));
    let token = 'first';
    const options = { userAgent: 'agent/1', impersonate: 'system:serviceaccount:a:b' };
    const api = clientByToken(() => Promise.resolve({ ...to(url), token }), options);
    await api.get({ ...TYPE, name: 'a' });
    token = 'second';
    await api.get({ ...TYPE, name: 'a' });
    const seen = server.requests.map(({ headers }) => headers.authorization);
    expect([seen.at(0), seen.at(-1)]).toEqual(['Bearer first', 'Bearer second']);
    expect(server.requests.at(-1)?.headers).toMatchObject({
      'user-agent': 'agent/1',
      'impersonate-user': 'system:serviceaccount:a:b',
    });
  });

  it.each([true, false])('removes managedFields from watches if configured: %s', async (slim) => {
    const event = {
      type: 'MODIFIED',
      object: { ...MAP, metadata: { ...MAP.metadata, resourceVersion: '2' } },
    };
    const url = await start((path) =>
      path.includes('watch=true')
        ? { lines: [event], after: 'open' }
        : { body: { metadata: { resourceVersion: '1' }, items: [MAP] } },
    );
    const options = { userAgent: 'a', slimWatches: slim };
    const api = clientByToken(() => Promise.resolve(to(url)), options);
    const seen: KubeObject[] = [];
    const end = new AbortController();
    await api.watch(
      TYPE,
      ({ type, object }) => {
        if (type !== 'SYNCED') seen.push(object);
        if (seen.length === 2) end.abort();
      },
      { signal: end.signal },
    );
    expect(seen.map(({ metadata }) => 'managedFields' in metadata)).toEqual([!slim, !slim]);
    expect(seen.map(({ metadata }) => metadata.uid)).toEqual(['1', '1']);
  });
});

describe('inClusterAccess', () => {
  it('reads the files each time, and reports that it does not run in a Pod', async () => {
    server = await scriptedServer(() => ({}));
    const folder = await mkdtemp(join(tmpdir(), 'access-'));
    const { KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port } = process.env;
    try {
      delete process.env['KUBERNETES_SERVICE_HOST'];
      expect(() => inClusterAccess(folder)).toThrow('KUBERNETES_SERVICE_HOST is not set');
      process.env['KUBERNETES_SERVICE_HOST'] = 'fd00::1';
      process.env['KUBERNETES_SERVICE_PORT'] = '6443';
      const access = inClusterAccess(folder);
      await Promise.all([
        writeFile(join(folder, 'token'), 'one\n'),
        writeFile(join(folder, 'ca.crt'), 'pem'),
      ]);
      expect(await access()).toEqual({
        server: 'https://[fd00::1]:6443',
        authority: 'pem',
        token: 'one',
      });
      await writeFile(join(folder, 'token'), 'two');
      expect((await access()).token).toBe('two');
    } finally {
      restore({ KUBERNETES_SERVICE_HOST: host, KUBERNETES_SERVICE_PORT: port });
      await rm(folder, { recursive: true });
    }
  });
});

function restore(variables: Readonly<Record<string, string | undefined>>): void {
  for (const [name, value] of Object.entries(variables)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}
