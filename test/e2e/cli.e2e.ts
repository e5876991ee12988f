import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CLUSTER } from '../../capi/kinds.ts';
import {
  CLUSTER_PROFILE,
  MANAGED_CLUSTER_CLAIM,
  NAMESPACED_MANAGED_CLUSTER,
} from '../../lib/apis/kinds.ts';
import { conditionOf } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { objectsIn } from '../../lib/program/manifests.ts';
import { program } from './cli/program.ts';
import { viewer } from './cli/viewer.ts';
import { eventually, kubectl, makeNamespace, management } from './world.ts';

const NAMESPACE = 'e2e-cli';
const NAME = 'told';
const REFUSED = 'refused';
const HERE = ['-n', NAMESPACE] as const;
/** A namespaced composite that Crossplane leaves alone. */
const DIRECT = { ...NAMESPACED_MANAGED_CLUSTER, namespace: NAMESPACE, name: 'direct' } as const;
const api = management();

/** The claim of examples/dev under another name, in a namespace of ours. */
function claim(name: string, profile: string): KubeObject {
  const [example] = objectsIn('examples/dev/claim.yaml');
  if (example === undefined) throw new Error('examples/dev/claim.yaml is empty');
  const spec = { ...recordIn(example, 'spec'), profiles: [{ name: profile, version: '1.0.0' }] };
  return { ...example, metadata: { name, namespace: NAMESPACE }, spec };
}

beforeAll(async () => {
  await makeNamespace(api, NAMESPACE);
  const options = { fieldManager: 'e2e', force: true };
  const [crd] = objectsIn('package/crds/clusterprofiles.m.managedcluster.io.yaml');
  // The lifecycle, which runs first in a whole run, starts without this CRD.
  if (crd !== undefined) await api.apply(crd, options);
  const profile = { ...objectsIn('examples/dev/profile.yaml')[0] } as KubeObject;
  await eventually(
    api,
    {
      apiVersion: 'apiextensions.k8s.io/v1',
      kind: 'CustomResourceDefinition',
      name: crd?.metadata.name ?? '',
    },
    'to be established',
    (object) => conditionOf(object, 'Established')?.status === 'True',
  );
  await api.apply({ ...profile, ...CLUSTER_PROFILE, metadata: { name: 'told' } }, options);
  await api.apply(claim(NAME, 'told'), options);
  await api.apply(claim(REFUSED, 'no-such-profile'), options);
  for (const name of [NAME, REFUSED]) {
    // oxlint-disable-next-line no-await-in-loop -- both are on their way already
    await eventually(
      api,
      { ...MANAGED_CLUSTER_CLAIM, namespace: NAMESPACE, name },
      'to be looked at',
      (object) => conditionOf(object, 'Accepted') !== undefined,
    );
  }
  await eventually(
    api,
    { ...CLUSTER, namespace: NAMESPACE, name: NAME },
    'there',
    (object) => conditionOf(object, 'Available') !== undefined,
  );
});

afterAll(async () => {
  await api.delete(DIRECT);
  for (const name of [NAME, REFUSED]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other is quick enough
    await api.delete({ ...MANAGED_CLUSTER_CLAIM, namespace: NAMESPACE, name });
  }
});

describe('kubectl', () => {
  it('shows what users write: each flavour by its name, both by the category', async () => {
    const { spec } = claim(DIRECT.name, 'told');
    const metadata = {
      name: DIRECT.name,
      namespace: NAMESPACE,
      annotations: { 'crossplane.io/paused': 'true' },
    };
    await api.create({ ...NAMESPACED_MANAGED_CLUSTER, metadata, spec });
    const [claims, composites, both] = await Promise.all(
      ['managedclusters', 'namespacedmanagedclusters', 'mc'].map((what) =>
        kubectl('get', what, ...HERE, '-o', 'name'),
      ),
    );
    const own = [NAME, REFUSED].map((name) => `managedcluster.managedcluster.io/${name}`);
    const direct = `namespacedmanagedcluster.m.managedcluster.io/${DIRECT.name}`;
    expect(claims?.trim().split('\n').toSorted()).toEqual(own.toSorted());
    expect(composites?.trim()).toBe(direct);
    expect(both?.trim().split('\n').toSorted()).toEqual([...own, direct].toSorted());
    expect(await kubectl('get', 'managedcluster', NAME, ...HERE)).toContain('Provisioning');
  });
});

describe('explain', () => {
  it('names the predicate of gate G1 that a new cluster waits for, and a command that works', async () => {
    const { code, out } = await program(['explain', NAME, ...HERE]);
    expect(code).toBe(0);
    expect(out).toMatch(/Gate G1: waiting for \S+/);
    expect(out).toMatch(/reason {2}WaitingFor[A-Z]\w+/);
    expect(out).toContain(`Cluster ${NAMESPACE}/${NAME}`);
    const command = out.match(/kubectl (-n .* describe .*)/)?.[1] ?? '';
    expect(await kubectl(...command.split(' '))).toContain(NAME);
  });

  it('shows the mistake of a claim that is not accepted, and what to do', async () => {
    const { code, out } = await program(['explain', `mc/${REFUSED}`, ...HERE, '--exit-code']);
    expect(code).toBe(1);
    expect(out).toContain('ClusterProfile no-such-profile does not exist');
    expect(out).toContain('ProfileNotFound');
    expect(out).toContain(
      `kubectl -n ${NAMESPACE} edit managedcluster.managedcluster.io/${REFUSED}`,
    );
  });

  it('is data for a program', async () => {
    const { out } = await program(['explain', NAME, ...HERE, '-o', 'json']);
    const data = JSON.parse(out) as { findings: readonly { reason: string; next: unknown[] }[] };
    expect(data.findings[0]?.reason).toMatch(/^WaitingFor/);
    expect(data.findings[0]?.next.length).toBeGreaterThan(0);
  });
});

describe('status', () => {
  it('draws the tree of claim, composite and Cluster API objects', async () => {
    const { code, out } = await program(['status', NAME, ...HERE]);
    expect(code).toBe(0);
    const names = [
      'ManagedCluster',
      'XManagedCluster',
      'Cluster',
      'DevCluster',
      'KubeadmControlPlane',
    ];
    const tree = out.split('\n').map((line) => line.match(/([A-Za-z]+)\/told/)?.[1]);
    expect(tree).toEqual(expect.arrayContaining(names));
    expect(out).toContain('owner management, epoch 1, not paused');
    expect(out).not.toContain('\u001B[');
  });
});

describe('a viewer', () => {
  let kubeconfig: string;

  beforeAll(async () => {
    kubeconfig = await viewer(api, NAMESPACE);
  });

  it('sees why the cluster waits, and which kinds could not be read', async () => {
    const { code, out } = await program(['explain', NAME, ...HERE], kubeconfig);
    expect(code).toBe(0);
    expect(out).toMatch(/Gate G1: waiting for \S+/);
    expect(out).toContain('not seen');
    expect(out).toMatch(/Cluster, .*: not readable with your permissions/);
  });

  it('gets a tree of the readable objects', async () => {
    const { code, out } = await program(['status', NAME, ...HERE], kubeconfig);
    expect(code).toBe(0);
    expect(out).toContain(`ManagedCluster/${NAME}`);
  });

  it('cannot revoke, and is told what an administrator runs', async () => {
    const { code, error } = await program(['revoke', NAME, ...HERE], kubeconfig);
    expect(code).toBe(1);
    expect(error).toContain('you have no permission');
    const command = `patch managedcluster.managedcluster.io/${NAME} --type=merge`;
    expect(error).toContain(command);
  });

  it('cannot read other namespaces', async () => {
    const { code, error } = await program(['status', NAME, '-n', 'kube-system'], kubeconfig);
    expect(code).toBe(3);
    expect(error).toContain('not readable with your permissions');
  });
});

describe('revoke', () => {
  const ref = { ...MANAGED_CLUSTER_CLAIM, namespace: NAMESPACE, name: NAME };

  it('changes one field of the claim, which Crossplane passes on, and changes it back', async () => {
    const spec = recordIn(await api.get(ref), 'spec');
    // The cluster waits for its gate, so no agent has an identity yet.
    const { code, out } = await program(['revoke', NAME, ...HERE, '--wait', '150']);
    expect({ code, out }).toMatchObject({ code: 0, out: expect.stringContaining('is cut off') });
    expect(out).toMatch(/done {2}XManagedCluster told-\w+ is revoked/);
    await program(['revoke', NAME, ...HERE, '--restore', '--wait', '0']);
    const agent = { ...recordIn(spec, 'agent'), revoked: false };
    expect(recordIn(await api.get(ref), 'spec')).toEqual({ ...spec, agent });
  });
});

describe('mistakes of the caller', () => {
  it.each([
    {
      reason: 'no such cluster',
      args: ['status', 'nobody', ...HERE],
      code: 3,
      says: 'existing: ',
    },
    { reason: 'no name', args: ['status', ...HERE], code: 2, says: 'specify the name of one' },
    {
      reason: 'no such context',
      args: ['status', NAME, '--context', 'x'],
      code: 3,
      says: 'no context x',
    },
    { reason: 'no such file', args: ['status', NAME, '--kubeconfig', '/x'], code: 3, says: '/x' },
    { reason: 'no such command', args: ['do', NAME], code: 2, says: 'status, explain' },
  ])('$reason', async ({ args, code, says }) => {
    const result = await program(args);
    expect(result).toMatchObject({ code, error: expect.stringContaining(says) });
  });
});
