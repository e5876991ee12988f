import { afterEach, describe, expect, it } from '@jest/globals';
import { clientFromString } from '../lib/kube/client.ts';
import { type ScriptedServer, scriptedServer } from '../test/fake/scripted-server.ts';
import { refusedSecretIn, workloadClients } from './workload-clients.ts';

const REF = { namespace: 'team', name: 'demo-kubeconfig', key: 'value', cluster: 'demo' };
const DISCOVERY = { resources: [{ name: 'secrets', kind: 'Secret', namespaced: true }] };
const TOKEN = 'very-secret-token';

let server: ScriptedServer;
afterEach(() => server.close());

/** A management side with one Secret, which the test changes. */
async function withSecret(
  secret: { version: string; data?: Record<string, string>; own?: boolean } | undefined,
) {
  const held = { secret };
  server = await scriptedServer(({ url }) => {
    if (url === '/api/v1') return { body: DISCOVERY };
    if (held.secret === undefined) return { code: 404, body: { kind: 'Status' } };
    const { version, data = {}, own = true } = held.secret;
    const encoded = Object.entries(data).map(([key, text]) => [key, btoa(text)]);
    const labels = own ? { 'cluster.x-k8s.io/cluster-name': REF.cluster } : {};
    const metadata = { name: REF.name, namespace: REF.namespace, resourceVersion: version, labels };
    const type = own ? 'cluster.x-k8s.io/secret' : 'Opaque';
    const data64 = Object.fromEntries(encoded);
    return { body: { apiVersion: 'v1', kind: 'Secret', metadata, type, data: data64 } };
  });
  let made = 0;
  const workload = workloadClients(clientFromString(server.kubeconfig), (api) => {
    made += 1;
    return api;
  });
  return { held, workload, made: () => made };
}

function kubeconfig(user: object = { token: TOKEN }, cluster: object = {}): string {
  return JSON.stringify({
    'current-context': 'c',
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    clusters: [{ name: 'c', cluster: { server: 'https://127.0.0.1:1', ...cluster } }],
    users: [{ name: 'u', user }],
  });
}

describe('workload clients', () => {
  it('keeps a client until its Secret changes', async () => {
    const { held, workload, made } = await withSecret({
      version: '1',
      data: { value: kubeconfig() },
    });
    const first = await workload(REF);
    expect(await workload(REF)).toBe(first);
    held.secret = { version: '2', data: { value: kubeconfig() } };
    expect(await workload(REF)).not.toBe(first);
    expect(made()).toBe(2);
  });

  it('are not given to a claim that names the kubeconfig of others, not even from the cache', async () => {
    const { held, workload } = await withSecret({ version: '1', data: { value: kubeconfig() } });
    await workload(REF);
    await expect(workload({ ...REF, cluster: 'mine' })).rejects.toThrow(
      'Secret team/demo-kubeconfig has the type cluster.x-k8s.io/secret, which no claim can use',
    );
    held.secret = { version: '1', data: { value: kubeconfig() }, own: false };
    const error: unknown = await workload(REF).catch((caught: unknown) => caught);
    expect(refusedSecretIn(error)?.message).toBe(
      "Secret team/demo-kubeconfig does not allow cluster demo to use it: if its owner agrees, run kubectl -n team annotate secret demo-kubeconfig managedcluster.io/usable-by='demo' --overwrite",
    );
  });

  it.each<{ reason: string; data?: Record<string, string>; says: string }>([
    {
      reason: 'no Secret',
      says: 'Secret team/demo-kubeconfig does not exist; Cluster API creates it',
    },
    { reason: 'no key', data: { other: 'x' }, says: 'has no key value with a kubeconfig' },
    { reason: 'an empty key', data: { value: '' }, says: 'has no key value' },
    { reason: 'no YAML', data: { value: `a: b: ${TOKEN}` }, says: 'not valid YAML' },
    { reason: 'a text', data: { value: TOKEN }, says: 'not valid YAML' },
    { reason: 'no context', data: { value: `{"token": "${TOKEN}"}` }, says: 'a current context' },
    {
      reason: 'a program to run',
      data: { value: kubeconfig({ exec: { command: 'sh', args: [TOKEN] } }) },
      says: 'it has exec (instead: a credential as token',
    },
    {
      reason: 'a file of ours to send away',
      data: { value: kubeconfig({ 'token-file': '/var/run/secrets/token' }) },
      says: 'it has token-file',
    },
    {
      reason: 'a way through our network',
      data: { value: kubeconfig({ token: TOKEN }, { 'proxy-url': 'http://10.0.0.1' }) },
      says: 'it has proxy-url',
    },
    {
      reason: 'a server that is no API server',
      data: { value: kubeconfig({ token: TOKEN }, { server: 'http://169.254.169.254' }) },
      says: 'every server in it must be a string: an https:// address',
    },
    {
      reason: 'a server that nobody checks',
      data: { value: kubeconfig({ token: TOKEN }, { 'insecure-skip-tls-verify': true }) },
      says: 'it has insecure-skip-tls-verify (instead: certificate-authority-data',
    },
    {
      reason: 'files of ours to read',
      data: {
        value: kubeconfig({ 'client-key': '/k' }, { 'certificate-authority': '/c' }),
      },
      says: 'it has certificate-authority (instead: its content as certificate-authority-data); it has client-key (',
    },
  ])('rejects $reason, and quotes nothing', async ({ data, says }) => {
    const { workload } = await withSecret(data && { version: '1', data });
    const error: unknown = await workload(REF).catch((caught: unknown) => caught);
    expect(String(error)).toContain(says);
    expect(String(error)).not.toContain(TOKEN);
    expect((error as Error).cause).toBeUndefined();
  });

  it.each([
    ['x: &x {exec: {command: "false"}}', '<<: *x'],
    ['', '<<: {exec: {command: "false"}}'],
  ])('rejects what only another parser would read: %s %s', async (more, user) => {
    const value = [
      more,
      'current-context: c',
      'contexts: [{name: c, context: {cluster: c, user: u}}]',
      'clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]',
      `users: [{name: u, user: {${user}}}]`,
    ].join('\n');
    const { workload } = await withSecret({ version: '1', data: { value } });
    await expect(workload(REF)).rejects.toThrow('cannot use the kubeconfig in Secret team/demo');
  });
});
