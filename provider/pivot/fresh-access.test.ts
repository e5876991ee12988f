import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { X509Certificate } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCESS_ANNOTATION, ACCESS_CONFIG_MAP } from '../../lib/apis/access.ts';
import { AGENT_NAMESPACE } from '../../lib/apis/agent.ts';
import { CLUSTER_LABEL } from '../../lib/apis/ownership.ts';
import { PIVOT } from '../../lib/apis/kinds.ts';
import { conditionOf } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { base64, secretText } from '../../lib/core/secret-data.ts';
import { credentialIn } from '../../lib/kube/credential-id.ts';
import { readUntrustedKubeconfig } from '../../lib/kube/untrusted-kubeconfig.ts';
import { CLUSTER_NAME, NAMESPACE } from '../../test/fake/cluster.ts';
import { done, world } from '../../test/fake/scenes.ts';
import type { FakeWorld } from '../../test/fake/world.ts';
import { WriteCount } from '../../test/fake/write-count.ts';
import {
  mintAuthority,
  mintClusterApiClient,
  mintServing,
  type Pair,
} from '../certificates/mint.ts';

const LIFE = { now: new Date(), days: 100 };
const SECRET = { apiVersion: 'v1', kind: 'Secret', namespace: NAMESPACE };
const CA = { ...SECRET, name: `${CLUSTER_NAME}-ca` };
const KUBECONFIG = { ...SECRET, name: `${CLUSTER_NAME}-kubeconfig` };

const LIST = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { namespace: AGENT_NAMESPACE, name: ACCESS_CONFIG_MAP },
};

let authority: Pair;
let first: Pair;
let server: Server;

/** The API server of the cluster, of which a pivot looks at the certificate. */
beforeAll(async () => {
  authority = await mintAuthority('kubernetes', LIFE);
  first = await mintClusterApiClient(authority, LIFE);
  const { certificate: cert, privateKey: key } = await mintServing(authority, ['demo'], LIFE);
  server = createServer({ cert, key }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => {
  server.close();
});

function kubeconfig(user: object): string {
  const { port } = server.address() as AddressInfo;
  return JSON.stringify({
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server: `https://127.0.0.1:${port}` } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  });
}

/** A cluster with the kubeconfig of Cluster API, as it is before a handover. */
async function given(
  more: { readonly user?: object; readonly key?: string } = {},
): Promise<FakeWorld> {
  const w = await world(true, 1);
  const { user = certificateUser(first), key = authority.privateKey } = more;
  await w.management.patch(CA, {
    data: { 'tls.crt': base64(authority.certificate), 'tls.key': base64(key) },
  });
  const owned = w.management.all(NAMESPACE).find(({ metadata }) => metadata.name === CA.name);
  const { namespace, name, ...type } = KUBECONFIG;
  const metadata = { namespace, name, ownerReferences: owned?.metadata.ownerReferences ?? [] };
  const data = { value: base64(kubeconfig(user)) };
  await w.management.create({ ...type, metadata, type: 'cluster.x-k8s.io/secret', data });
  return w;
}

function certificateUser({ certificate, privateKey }: Pair): object {
  return {
    'client-certificate-data': base64(certificate),
    'client-key-data': base64(privateKey),
  };
}

async function inside(w: FakeWorld): Promise<KubeObject | undefined> {
  return w.workload.get(KUBECONFIG);
}

describe('the kubeconfig of Cluster API in a cluster that is handed over', () => {
  it('has another certificate of the same authority, user and server than on the management side', async () => {
    const w = await given();
    const outside = await w.management.get(KUBECONFIG);
    await w.pivot();
    await w.run(done);

    const copy = await inside(w);
    const config = readUntrustedKubeconfig(secretText(copy, 'value') ?? '', '');
    const certificate = new X509Certificate(Buffer.from(config.certificate ?? '', 'base64'));
    expect(certificate.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
    expect(certificate.subject).toBe('O=system:masters\nCN=kubernetes-admin');
    expect(certificate.keyUsage).toEqual(['1.3.6.1.5.5.7.3.2']);
    expect(config.server).toBe(JSON.parse(kubeconfig({})).clusters[0].cluster.server);
    expect(copy?.metadata.annotations?.[ACCESS_ANNOTATION]).toBe('2');
    expect(credentialIn(copy, 'value')).not.toBe(credentialIn(outside, 'value'));
    expect(w.violations).toEqual([]);
  });

  it('is issued once: managers that are connected by it are not locked out by a provider that is killed', async () => {
    const whole = new WriteCount();
    const counted = await given();
    await counted.pivot();
    await counted.run(done, { wrap: whole.wrap });
    const changed: unknown[] = [];
    for (let at = 1; at <= whole.writes; at += 1) {
      const w = await given();
      await w.pivot();
      const count = new WriteCount({ at, when: 'After' });
      await w.run(done, { wrap: count.wrap, isDead: () => count.dead });
      const before = credentialIn(await inside(w), 'value');
      await w.run(done);
      const after = credentialIn(await inside(w), 'value');
      if (before !== undefined && before !== after) changed.push(at);
      expect(w.violations).toEqual([]);
    }
    expect(changed).toEqual([]);
  }, 60_000);

  it.each([
    { reason: 'has a token instead', more: () => ({ user: { token: 't' } }) },
    { reason: 'has an authority whose key is elsewhere', more: () => ({ key: '' }) },
  ])('is copied as it is if it $reason', async ({ more }) => {
    const w = await given(more());
    const outside = await w.management.get(KUBECONFIG);
    await w.pivot();
    await w.run(done);
    const copy = await inside(w);
    expect(copy?.['data']).toEqual(outside?.['data']);
    expect(copy?.metadata.annotations).not.toHaveProperty([ACCESS_ANNOTATION]);
  });

  it('stops the pivot with the words of its own check if it cannot be read', async () => {
    const w = await given({ user: { exec: { command: 'sh' } } });
    await w.pivot();
    const stalled = await w.run((pivot) => conditionOf(pivot, 'Ready') !== undefined);
    expect(conditionOf(stalled, 'Ready')).toMatchObject({
      reason: 'KubeconfigUnreadable',
      message: expect.stringContaining('delete the Secret so that Cluster API creates it again'),
    });
  });

  it('is copied as it is if nothing can be signed, and an Event says so, without the key', async () => {
    const w = await given({ key: 'no key' });
    const outside = await w.management.get(KUBECONFIG);
    await w.pivot();
    await w.run(done);
    expect(w.events.join()).toContain('AccessNotReplaced');
    expect(w.events.join()).not.toContain('no key');
    expect((await inside(w))?.['data']).toEqual(outside?.['data']);
  });
});

describe('a management side that takes a cluster back', () => {
  it('has a kubeconfig before Cluster API looks for one, and is admitted in the cluster', async () => {
    const w = await given();
    await w.pivot();
    await w.run(done);
    expect(await w.management.get(KUBECONFIG)).toBeUndefined();
    await w.workload.create({ ...LIST, data: { admitted: 'X509SHA256=00' } });
    await w.pivot({ direction: 'ToManagement' }, 'back');
    await w.run(done, { name: 'back' });

    const made = await w.management.get(KUBECONFIG);
    const config = readUntrustedKubeconfig(secretText(made, 'value') ?? '', '');
    expect(config.server).toBe('https://192.0.2.1:6443');
    const certificate = new X509Certificate(Buffer.from(config.certificate ?? '', 'base64'));
    expect(certificate.verify(new X509Certificate(authority.certificate).publicKey)).toBe(true);
    expect(made).toMatchObject({
      type: 'cluster.x-k8s.io/secret',
      metadata: { labels: { 'cluster.x-k8s.io/cluster-name': CLUSTER_NAME } },
    });
    const { namespace, name } = LIST.metadata;
    expect(await w.workload.get({ ...LIST, namespace, name })).toBeUndefined();
    expect(w.violations).toEqual([]);
  });

  it('is admitted beside the Cluster API inside, which goes on when the take-back is aborted', async () => {
    const { namespace, name } = LIST.metadata;
    let admitted: unknown;
    for (let at = 1; admitted === undefined; at += 1) {
      const w = await given();
      await w.pivot();
      await w.run(done);
      await w.workload.create({ ...LIST, data: { admitted: 'X509SHA256=00' } });
      await w.pivot({ direction: 'ToManagement' }, 'back');
      const count = new WriteCount({ at, when: 'After' });
      await w.run(done, { name: 'back', wrap: count.wrap, isDead: () => count.dead });
      const pivot = await w.management.get({ ...PIVOT, namespace: NAMESPACE, name: 'back' });
      expect(conditionOf(pivot, 'Committed')?.status).not.toBe('True');
      const list = await w.workload.get({ ...LIST, namespace, name });
      const ids = recordIn(list, 'data')?.['admitted'];
      if (ids !== 'X509SHA256=00') admitted = ids;
    }
    expect(admitted).toMatch(/^X509SHA256=00 X509SHA256=[0-9a-f]{64}$/);
  }, 60_000);

  it('uses the kubeconfig that it has kept', async () => {
    const w = await given();
    await w.pivot();
    await w.run(done);
    const { namespace, name, ...type } = KUBECONFIG;
    const labels = { [CLUSTER_LABEL]: CLUSTER_NAME };
    const kept = { ...type, metadata: { namespace, name, labels }, data: { value: 'a2VwdA==' } };
    await w.management.create(kept);
    await w.pivot({ direction: 'ToManagement', source: 'Escrow' }, 'back');
    await w.run(done, { name: 'back' });
    expect((await w.management.get(KUBECONFIG))?.['data']).toEqual(kept.data);
  });
});
