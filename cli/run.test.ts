import { afterEach, describe, expect, it } from '@jest/globals';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ScriptedServer, ServerIdentity } from '../test/fake/scripted-server.ts';
import { serverIdentity } from '../test/fake/server-identity.ts';
import { run } from './run.ts';
import { apiServer, type Script } from '../test/fake/read-only-server.ts';

const opened: (() => Promise<void>)[] = [];

async function server(script: Script, identity?: ServerIdentity): Promise<ScriptedServer> {
  const started = await apiServer(script, identity);
  opened.push(() => started.close());
  return started;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((close) => close()));
});

const CLAIM = '/apis/managedcluster.io/v1alpha1/namespaces/team-a/managedclusters/demo';
const COMPOSITE =
  '/apis/m.managedcluster.io/v1alpha1/namespaces/team-a/namespacedmanagedclusters/demo';

function claim(group: string): object {
  const condition = {
    type: 'Accepted',
    status: 'False',
    reason: 'InvalidSpec',
    message: 'spec.x is wrong',
    lastTransitionTime: '2026-01-01T00:00:00Z',
  };
  return {
    apiVersion: `${group}/v1alpha1`,
    kind: 'ManagedCluster',
    metadata: { name: 'demo', namespace: 'team-a' },
    spec: {},
    status: { conditions: [condition] },
  };
}

function cluster(owner: string, epoch: number, paused: boolean): object {
  const annotations = {
    'managedcluster.io/owner': owner,
    'managedcluster.io/epoch': String(epoch),
  };
  return {
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Cluster',
    metadata: { name: 'demo', namespace: 'team-a', annotations },
    spec: { paused },
  };
}

async function told(
  args: readonly string[],
  { kubeconfig }: Pick<ScriptedServer, 'kubeconfig'>,
): Promise<{ readonly code: number; readonly out: string; readonly error: string }> {
  const folder = mkdtempSync(join(tmpdir(), 'managed-cluster-cli-'));
  opened.push(() => rm(folder, { recursive: true }));
  const file = join(folder, 'config');
  writeFileSync(file, kubeconfig);
  const written = { out: '', error: '' };
  const code = await run(
    args,
    { KUBECONFIG: `${join(folder, 'missing')}:${file}` },
    {
      out: (text) => (written.out += text),
      error: (text) => (written.error += text),
      terminal: false,
    },
  );
  return { code, ...written };
}

describe('run', () => {
  it('answers a user with few permissions, and lists what could not be read', async () => {
    const api = await server({ [CLAIM]: claim('managedcluster.io') });
    const { code, out } = await told(['explain', 'demo', '-n', 'team-a'], api);
    expect(code).toBe(0);
    expect(out).toContain('problem  spec.x is wrong.');
    expect(out).toMatch(/Cluster, .*Secret: not readable with your permissions/);
    expect(api.requests[0]?.headers['authorization']).toBe('Bearer secret-token');
    expect(out).not.toContain('secret-token');
  });

  it.each([
    { args: ['explain', 'demo'], code: 0 },
    { args: ['explain', 'demo', '--exit-code'], code: 1 },
    { args: ['status', 'demo', '--exit-code'], code: 1 },
  ])('exits $args with $code', async ({ args, code }) => {
    const api = await server({ [CLAIM]: claim('managedcluster.io') });
    expect(await told([...args, '-n', 'team-a'], api)).toMatchObject({ code, error: '' });
  });

  it('asks which of two is meant', async () => {
    const api = await server({
      [CLAIM]: claim('managedcluster.io'),
      [COMPOSITE]: claim('m.managedcluster.io'),
    });
    const { code, error } = await told(['status', 'demo', '-n', 'team-a'], api);
    expect(code).toBe(2);
    expect(error).toContain('managedcluster/demo for the claim');
    expect(error).toContain('namespacedmanagedcluster/demo for the namespaced composite');
    const chosen = await told(
      ['status', 'namespacedmanagedcluster/demo', '-n', 'team-a', '-o', 'json'],
      api,
    );
    expect(JSON.parse(chosen.out)).toMatchObject({ subject: { flavour: 'composite' } });
  });

  it('writes YAML', async () => {
    const api = await server({ [CLAIM]: claim('managedcluster.io') });
    const { out } = await told(['explain', 'demo', '-n', 'team-a', '-o', 'yaml'], api);
    expect(out).toContain('reason: InvalidSpec');
  });

  it('says that nothing answers', async () => {
    const api = await server({});
    await api.close();
    const { code, error } = await told(['status', 'demo', '-n', 'team-a'], api);
    expect(code).toBe(3);
    expect(error).toContain('cannot reach the API server');
  });

  it('needs an existing kubeconfig', async () => {
    const error: string[] = [];
    const console = {
      out: () => undefined,
      error: (text: string) => error.push(text),
      terminal: false,
    };
    expect(await run(['status', 'a'], { KUBECONFIG: '/no/such/file' }, console)).toBe(3);
    expect(error.join('')).toContain('none of the files in KUBECONFIG exists: /no/such/file');
  });

  describe('a pivot while both sides are read', () => {
    const at = '/apis/cluster.x-k8s.io/v1beta2/namespaces/team-a/clusters/demo';
    const secret = { name: 'demo-kubeconfig' };

    async function ask(looks: readonly object[]): Promise<string> {
      const there = await server({ [at]: cluster('workload', 3, false) }, await serverIdentity());
      const value = Buffer.from(there.kubeconfig).toString('base64');
      let look = 0;
      const here = await server({
        [CLAIM]: { ...claim('managedcluster.io'), status: { kubeconfigSecretRef: secret } },
        '/api/v1/namespaces/team-a/secrets/demo-kubeconfig': {
          apiVersion: 'v1',
          kind: 'Secret',
          metadata: secret,
          data: { value },
        },
        [at]: () => looks[Math.min(look++, looks.length - 1)] ?? {},
      });
      const { out } = await told(['explain', 'demo', '-n', 'team-a'], here);
      expect(out).not.toContain(value);
      return out;
    }

    it('is no danger: the first side is looked at again', async () => {
      const before = cluster('management', 1, false);
      expect(await ask([before, cluster('moving', 2, true)])).not.toContain('DANGER');
    });

    it('is one when both go on', async () => {
      const out = await ask([cluster('management', 1, false)]);
      expect(out).toContain('DANGER  Both sides reconcile the cluster');
    });
  });
});
