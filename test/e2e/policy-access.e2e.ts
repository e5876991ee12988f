import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { issueCertificate, kubeconfig } from '@managed-cluster/testbed';
import { waitFor } from '@managed-cluster/toolchain';
import { ACCESS_CONFIG_MAP, ACCESS_KEY, ACCESS_LIST, accessWith } from '../../lib/apis/access.ts';
import { AGENT_NAMESPACE } from '../../lib/apis/agent.ts';
import { base64 } from '../../lib/core/secret-data.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { clientFromString } from '../../lib/kube/client.ts';
import { credentialIn } from '../../lib/kube/credential-id.ts';
import { objectsIn } from '../../lib/program/manifests.ts';
import { refOf, TAKEN, verdict } from './api/attack.ts';
import { control, makeNamespace, workload, worldFile } from './world.ts';

/*
 * The cluster refuses the certificate that Cluster API used on the management side before a handover, on a real API
 * server: it is the one that a management side comes back with when its etcd is restored.
 */
const admin = workload();
const DRY = { dryRun: true };
const MAP = { apiVersion: 'v1', kind: 'ConfigMap' };
const REFUSED = 'this kubeconfig of Cluster API was replaced when the cluster was handed over';

interface Client {
  readonly api: KubeApi;
  readonly id: string;
}

/** A client with a certificate of its own, as another issue of the same kubeconfig. */
async function client(commonName: string, organization: string): Promise<Client> {
  const { kubeconfig: path, authority } = worldFile().workload;
  const [server = ''] = /https:\/\/[0-9.:]+/.exec(readFileSync(path, 'utf8')) ?? [];
  const credentials = await issueCertificate(authority, {
    commonName,
    organizations: [organization],
    usages: ['clientAuth'],
  });
  const text = kubeconfig({ server, authority: authority.certificate, credentials });
  const metadata = { name: 'kubeconfig' };
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata, data: { value: base64(text) } };
  return { api: clientFromString(text), id: credentialIn(secret, 'value') ?? '' };
}

/** What a client is told when it writes. */
function told({ api }: Client): Promise<string> {
  return verdict(api.create({ ...MAP, metadata: { namespace: 'default', name: 'written' } }, DRY));
}

describe('a cluster that was handed over to itself', () => {
  let before: Client;
  let inside: Client;
  /** What `before` is told until there is a list. */
  let open: string;

  beforeAll(async () => {
    // One site stands for all clusters: for one that the management side owns the provider would open the door.
    await control('provider', 'stop');
    await makeNamespace(admin, AGENT_NAMESPACE);
    for (const object of objectsIn('package/policies/workload/access.yaml')) {
      // oxlint-disable-next-line no-await-in-loop -- the policy before its binding
      await admin.delete(refOf(object));
      // oxlint-disable-next-line no-await-in-loop -- see above
      await admin.apply(object, { fieldManager: 'e2e', force: true });
    }
    // A kube-apiserver (v1.36.3) does not look at the parameters of a policy that was deleted and made again, as other
    // tests and this one do, until it starts anew.
    await control('workloadApiServer', 'restart');
    [before, inside] = await Promise.all([
      client('kubernetes-admin', 'system:masters'),
      client('kubernetes-admin', 'system:masters'),
    ]);
    open = await told(before);
    await admin.create({
      ...MAP,
      metadata: { namespace: AGENT_NAMESPACE, name: ACCESS_CONFIG_MAP },
      data: { ...accessWith(undefined, inside.id) },
    });
    await waitFor({
      what: 'the policy to be in force',
      timeoutMs: 60_000,
      look: async () => ((await told(before)) === TAKEN ? undefined : true),
    });
  });

  afterAll(async () => {
    await admin.delete(ACCESS_LIST);
    await control('provider', 'start');
  });

  it('has admitted every certificate of Cluster API until then', () => {
    expect(open).toBe(TAKEN);
  });

  it('refuses every write of the certificate of before, and says why', async () => {
    expect(await told(before)).toContain(REFUSED);
    const ref = { ...MAP, namespace: 'default', name: 'kube-root-ca.crt' };
    const writes = [
      before.api.patch(ref, { metadata: { annotations: { a: 'b' } } }, DRY),
      before.api.delete(ref),
      before.api.delete(ACCESS_LIST),
    ];
    for (const answer of await Promise.all(writes.map(verdict))) expect(answer).toContain(REFUSED);
  });

  it('refuses to connect it to a Pod, which is how Cluster API reaches etcd', async () => {
    const path = '/api/v1/namespaces/kube-system/pods/etcd-cp-0/portforward';
    expect(await verdict(before.api.raw('POST', path))).toContain(REFUSED);
  });

  it('lets it read: policies do not see that', async () => {
    expect(
      await before.api.get({ apiVersion: 'v1', kind: 'Namespace', name: 'default' }),
    ).toBeDefined();
  });

  it('admits the certificate of its own Cluster API', async () => {
    expect(await told(inside)).toBe(TAKEN);
  });

  it.each([
    { who: 'admin.conf of kubeadm', name: 'kubernetes-admin', group: 'kubeadm:cluster-admins' },
    { who: 'super-admin.conf of kubeadm', name: 'kubernetes-super-admin', group: 'system:masters' },
    { who: 'another administrator', name: 'jane', group: 'system:masters' },
  ])('does not look at $who', async ({ name, group }) => {
    expect(await told(await client(name, group))).not.toContain(REFUSED);
  });

  it('admits everybody while an administrator has opened the list, and stays open', async () => {
    const list = await admin.get(ACCESS_LIST);
    await admin.patch(ACCESS_LIST, { data: { [ACCESS_KEY]: '*' } });
    await waitFor({
      what: 'the door to be open',
      timeoutMs: 60_000,
      look: async () => ((await told(before)) === TAKEN ? true : undefined),
    });
    expect(accessWith({ [ACCESS_KEY]: '*' }, before.id)).toBeUndefined();
    await admin.patch(ACCESS_LIST, { data: list?.['data'] });
    await waitFor({
      what: 'the door to be shut',
      timeoutMs: 60_000,
      look: async () => ((await told(before)) === TAKEN ? undefined : true),
    });
  });

  it('admits everybody again without the list', async () => {
    await admin.delete(ACCESS_LIST);
    await waitFor({
      what: 'the door to be open',
      timeoutMs: 60_000,
      look: async () => ((await told(before)) === TAKEN ? true : undefined),
    });
    expect(await told(before)).toBe(TAKEN);
  });
});
