import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { apiServer, MISSING, type Script } from '../test/fake/read-only-server.ts';
import { scriptedServer, type ScriptedServer } from '../test/fake/scripted-server.ts';
import { serverIdentity } from '../test/fake/server-identity.ts';
import { run } from './run.ts';

const opened: (() => Promise<void>)[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()));
});

const CLUSTER = '/apis/cluster.x-k8s.io/v1beta2/namespaces/team-a/clusters/demo';
const PLAN =
  '/apis/m.managedcluster.io/v1alpha1/namespaces/managed-cluster-system/clusterplans/demo';

function cluster(annotations: Readonly<Record<string, string>>): object {
  return {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Cluster',
    metadata: { name: 'demo', namespace: 'team-a', annotations },
  };
}

const OWN = cluster({
  'managedcluster.io/owner': 'workload',
  'managedcluster.io/management': 'uid-1',
});

function plan(layers: readonly object[] = []): object {
  return {
    apiVersion: 'm.managedcluster.io/v1alpha1',
    kind: 'ClusterPlan',
    metadata: { name: 'demo', namespace: 'managed-cluster-system' },
    spec: {
      epoch: 3,
      clusterName: 'demo',
      handedOver: true,
      cluster: { kubernetes: { version: 'v1.35.4' }, agent: { tokenDays: 30 } },
      layers,
    },
  };
}

const LAYER = { name: 'net', type: 'cni', installPriority: 1, manifests: 'a: 1' };
const SELF_MANAGED: Script = {
  [CLUSTER]: OWN,
  [PLAN]: plan([{ ...LAYER, profile: 'base@1.0.0' }]),
};

async function server(script: Script): Promise<ScriptedServer> {
  const started = await apiServer(script, await serverIdentity());
  opened.push(() => started.close());
  return started;
}

interface Told {
  readonly code: number;
  readonly out: string;
  readonly error: string;
  readonly file: string;
}

async function adopt(
  kubeconfig: string,
  { name = 'config', args = [] }: { readonly name?: string; readonly args?: string[] } = {},
): Promise<Told> {
  const folder = mkdtempSync(join(tmpdir(), 'managed-cluster-cli-'));
  opened.push(() => rm(folder, { recursive: true }));
  const file = join(folder, name);
  writeFileSync(file, kubeconfig);
  const written = { out: '', error: '' };
  const code = await run(
    ['adopt', 'demo', '-n', 'team-a', '--cluster-kubeconfig', file, ...args],
    { KUBECONFIG: '/no/such/file' },
    {
      out: (text) => (written.out += text),
      error: (text) => (written.error += text),
      terminal: true,
    },
  );
  return { code, ...written, file };
}

/** Everything in the kubeconfig that would give access. */
function secretsIn(kubeconfig: string): readonly string[] {
  return [...kubeconfig.matchAll(/"?(?:token|\S+-data)"?: ?"?([^",\s]+)/g)].map(
    ([, value = '']) => value,
  );
}

describe('adopt', () => {
  it('prints a manifest for kubectl apply, and only reads', async () => {
    const api = await server(SELF_MANAGED);
    const { code, out, error } = await adopt(api.kubeconfig);
    expect({ code, error }).toEqual({ code: 0, error: '' });
    expect(parseAllDocuments(out).map((document) => document.toJS())).toEqual([
      {
        apiVersion: 'managedcluster.io/v1alpha1',
        kind: 'ManagedCluster',
        metadata: { name: 'demo', namespace: 'team-a' },
        spec: {
          adoptFrom: 'uid-1',
          kubernetes: { version: 'v1.35.4' },
          profiles: [{ name: 'base', version: '1.0.0' }],
          agent: { tokenDays: 30, kubeconfigSecretRef: { name: 'demo-access' } },
        },
      },
    ]);
    expect(new Set(api.requests.map(({ method }) => method))).toEqual(new Set(['GET']));
    expect(api.requests.map(({ url }) => url)).not.toContainEqual(expect.stringMatching(/secrets/));
  });

  it('says how to make the Secret, and what to check', async () => {
    const api = await server(SELF_MANAGED);
    const { out, file } = await adopt(api.kubeconfig, { args: ['--context', 'new'] });
    expect(out).toContain(
      `#   kubectl --context new -n team-a create secret generic demo-access --from-file=value=${file}\n` +
        '#   kubectl --context new -n team-a annotate secret demo-access managedcluster.io/usable-by=demo\n',
    );
    expect(out).toContain('has the uid uid-1');
    expect(out).toContain(
      `#     kubectl --kubeconfig ${file} -n managed-cluster-system create configmap access-check --dry-run=server\n`,
    );
    expect(out).toContain('values of variables cannot be recovered');
    expect(out).toContain('kubectl managedcluster explain demo -n team-a --context new');
    expect(out).not.toContain('does not accept the file');
  });

  it('prints nothing of the kubeconfig', async () => {
    const api = await server(SELF_MANAGED);
    const secrets = secretsIn(api.kubeconfig);
    expect(secrets).toContain('secret-token');
    expect(secrets.length).toBeGreaterThan(1);
    const { out } = await adopt(api.kubeconfig);
    const { port } = new URL(api.url);
    for (const secret of [...secrets, port]) expect(out).not.toContain(secret);
  });

  it.each([
    { format: 'YAML', text: 'users: [{user: {token: secret-token}}\nclusters: "' },
    { format: 'JSON', text: '{"users": [{"user": {"token": secret-token}}]}' },
  ])('prints nothing of a kubeconfig that is not valid $format', async ({ format, text }) => {
    const { code, out, error, file } = await adopt(text);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(error).toBe(`error: cannot read the kubeconfig ${file}: it is not valid ${format}\n`);
  });

  it('says that the management side uses no file with more than it needs', async () => {
    const api = await server(SELF_MANAGED);
    const config = JSON.parse(api.kubeconfig) as { readonly users: readonly object[] };
    const other = { name: 'other', user: { username: 'admin', password: 'hidden' } };
    const text = JSON.stringify({ ...config, users: [...config.users, other] });
    const { code, out, file } = await adopt(text);
    expect(code).toBe(0);
    expect(out).toContain('# The management side does not accept the file as it is: ');
    expect(out).toContain(
      `kubectl config view --kubeconfig ${file} --minify --flatten --raw > demo-access.kubeconfig\n`,
    );
    expect(out).toContain('--from-file=value=demo-access.kubeconfig\n');
    expect(out).not.toContain('hidden');
  });

  it('quotes the name of the file for a shell', async () => {
    const api = await server(SELF_MANAGED);
    const { out } = await adopt(api.kubeconfig, { name: `it's $HOME` });
    expect(out).toMatch(/--from-file=value='\/\S+\/it'\\''s \$HOME'\n/);
  });

  it('is no way for a cluster to write more than a comment, or to control the terminal', async () => {
    const evil = 'x\n---\nkind: Evil\u001b[31m';
    const annotations = {
      'managedcluster.io/owner': 'workload',
      'managedcluster.io/management': evil,
    };
    const api = await server({
      [CLUSTER]: cluster(annotations),
      [PLAN]: plan([{ ...LAYER, name: evil }]),
    });
    const { code, out } = await adopt(api.kubeconfig, { args: ['--flavour', 'namespaced'] });
    expect(code).toBe(0);
    const kinds = parseAllDocuments(out).map((document) => Object(document.toJS())['kind']);
    expect(kinds).toEqual(['NamespacedManagedCluster']);
    expect(out).not.toContain('\u001b');
    expect(out).toContain('which profile these layers come from: x --- kind: Evil');
  });

  it.each([
    {
      what: 'a name that is not there',
      script: { [CLUSTER]: MISSING },
      says: 'the cluster has no Cluster team-a/demo',
    },
    {
      what: 'a cluster that is managed from outside',
      script: { [CLUSTER]: cluster({}), [PLAN]: plan() },
      says: 'has owner management: only a cluster that manages itself can be adopted',
    },
    {
      what: 'a cluster that is being moved',
      script: { [CLUSTER]: cluster({ 'managedcluster.io/owner': 'moving' }), [PLAN]: plan() },
      says: 'has owner moving: only a cluster that manages itself can be adopted',
    },
    {
      what: 'a cluster without a plan',
      script: { [CLUSTER]: OWN, [PLAN]: MISSING },
      says: 'the cluster has no ClusterPlan managed-cluster-system/demo',
    },
    {
      what: 'a user who may not read it',
      script: {},
      says: 'cannot read Cluster team-a/demo in the cluster: is forbidden',
    },
  ])('answers with 3 for $what', async ({ script, says }) => {
    const api = await server(script);
    const { code, out, error } = await adopt(api.kubeconfig);
    expect({ code, out }).toEqual({ code: 3, out: '' });
    expect(error).toContain(says);
    expect(error).not.toContain('secret-token');
  });

  it('answers with 3 for a cluster without Cluster API', async () => {
    const answer = { code: 404, text: '404 page not found' };
    const api = await scriptedServer(() => answer, await serverIdentity());
    opened.push(() => api.close());
    const { code, error } = await adopt(api.kubeconfig);
    expect(code).toBe(3);
    expect(error).toContain('the cluster has no Cluster team-a/demo, so it does not manage itself');
  });

  it('answers with 3 when nothing answers', async () => {
    const api = await server({});
    await api.close();
    const { code, error } = await adopt(api.kubeconfig);
    expect(code).toBe(3);
    expect(error).toContain('cannot reach the API server');
    expect(error).not.toContain('secret-token');
  });
});
