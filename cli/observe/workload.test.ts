import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import type { ScriptedServer, ServerIdentity } from '../../test/fake/scripted-server.ts';
import { serverIdentity } from '../../test/fake/server-identity.ts';
import type { Snapshot, Workload } from '../core/snapshot.ts';
import { apiServer } from '../../test/fake/read-only-server.ts';
import { readerOf } from './reader.ts';
import { readWorkload } from './workload.ts';

const CONTENT = 'content-of-a-file-of-the-administrator';

const RAN = ['{folder}/ran'];

let folder: string;
let identity: ServerIdentity;
let there: ScriptedServer;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'managed-cluster-workload-'));
  writeFileSync(join(folder, 'token'), CONTENT);
  identity = await serverIdentity();
});
afterAll(() => rm(folder, { recursive: true }));

beforeEach(async () => {
  there = await apiServer({}, identity);
});
afterEach(() => there.close());

interface Kubeconfig {
  readonly clusters: readonly { readonly name: string; readonly cluster: object }[];
  readonly users: readonly { readonly name: string; readonly user: object }[];
}

/** The kubeconfig of the server with other fields too, or with others alone. */
function changed(change: {
  readonly cluster?: object;
  readonly user?: object;
  readonly alone?: boolean;
}): string {
  const { cluster, user, alone } = change;
  const config = JSON.parse(there.kubeconfig) as Kubeconfig;
  return JSON.stringify({
    ...config,
    clusters: config.clusters.map((one) => ({ ...one, cluster: { ...one.cluster, ...cluster } })),
    users: config.users.map((one) => ({
      ...one,
      user: { ...(alone === true ? {} : one.user), ...user },
    })),
  });
}

function look(kubeconfig: string): Promise<Workload> {
  return lookBy({ value: Buffer.from(kubeconfig).toString('base64') });
}

/** Undefined: there is no Secret. */
function lookBy(data: object | undefined): Promise<Workload> {
  const metadata = { namespace: 'team', name: 'access' };
  const secret: KubeObject | undefined = data && {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata,
    data,
  };
  const management = { get: () => Promise.resolve(secret) } as unknown as KubeApi;
  const snapshot = { subject: { namespace: 'team', name: 'demo' }, unread: [] };
  const named = { name: 'access', key: 'value' };
  return readWorkload(readerOf(management), snapshot as unknown as Snapshot, named);
}

function aProgram(): object {
  return { apiVersion: 'client.authentication.k8s.io/v1', command: 'touch', args: RAN };
}

function aCommand(): object {
  return { 'cmd-path': 'touch', 'cmd-args': RAN[0], 'expiry-key': '{.a}', 'token-key': '{.b}' };
}

describe('the kubeconfig in a Secret', () => {
  it('is used when it is no more than an address and a credential', async () => {
    expect(await look(there.kubeconfig)).toMatchObject({ kind: 'Reached' });
    expect(there.requests[0]?.headers['authorization']).toBe('Bearer secret-token');
  });

  it.each<{ field: string; user?: object; cluster?: object }>([
    { field: 'exec', user: { exec: aProgram() } },
    { field: 'auth-provider', user: { 'auth-provider': { name: 'gcp', config: aCommand() } } },
    { field: 'tokenFile', user: { tokenFile: '{folder}/token' } },
    { field: 'token-file', user: { 'token-file': '{folder}/token' } },
    { field: 'client-key', user: { 'client-key': '{folder}/token' } },
    { field: 'username, password', user: { username: 'a', password: 'b' } },
    { field: 'as', user: { as: 'system:admin' } },
    { field: 'certificate-authority', cluster: { 'certificate-authority': '{folder}/token' } },
    { field: 'insecure-skip-tls-verify', cluster: { 'insecure-skip-tls-verify': true } },
    { field: 'proxy-url', cluster: { 'proxy-url': 'http://127.0.0.1:1' } },
  ])('runs nothing, reads nothing and sends nothing with $field', async (one) => {
    const { field, ...change } = one;
    for (const alone of [true, false]) {
      const text = changed({ ...change, alone }).replaceAll('{folder}', folder);
      // oxlint-disable-next-line no-await-in-loop -- two of them
      const seen = await look(text);
      const why = expect.stringContaining(
        `cannot use the kubeconfig in Secret team/access: it has ${field} (instead: `,
      );
      expect(seen).toEqual({ kind: 'Unknown', why });
      expect(JSON.stringify(seen)).not.toContain(CONTENT);
    }
    expect(there.requests).toEqual([]);
    expect(existsSync(join(folder, 'ran'))).toBe(false);
  });

  it.each([
    { when: 'there is no Secret', data: undefined, why: /does not exist$/ },
    { when: 'the Secret has another key', data: { kubeconfig: 'eA==' }, why: /has no key/ },
  ])('is missing when $when, which is known for sure', async ({ data, why }) => {
    expect(await lookBy(data)).toEqual({ kind: 'Unknown', why: expect.stringMatching(why) });
  });

  it('may lead to a server that does not answer', async () => {
    const { kubeconfig } = there;
    await there.close();
    expect(await look(kubeconfig)).toMatchObject({ kind: 'Unknown', cause: 'NoAnswer' });
  });
});
