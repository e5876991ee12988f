import { describe, expect, it } from '@jest/globals';
import { CLUSTER } from '../capi/kinds.ts';
import { ACCESS_LIST } from '../lib/apis/access.ts';
import { OWNER_ANNOTATION } from '../lib/apis/ownership.ts';
import type { KubeObject } from '../lib/core/object.ts';
import { base64 } from '../lib/core/secret-data.ts';
import { credentialIn } from '../lib/kube/credential-id.ts';
import { createLogger } from '../lib/log.ts';
import { createCertificate } from '../lib/pki/certificate.ts';
import { memorySide } from '../test/fake/memory-side.ts';
import { runAccessKeeper } from './access-keeper.ts';

async function kubeconfig(): Promise<KubeObject> {
  const { certificate } = await createCertificate({
    subject: [{ CN: ['kubernetes-admin'] }],
    notBefore: new Date('2026-01-01T00:00:00Z'),
    notAfter: new Date('2027-01-01T00:00:00Z'),
    extensions: [],
  });
  const text = JSON.stringify({
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server: 'https://10.0.0.1:6443' } }],
    users: [{ name: 'u', user: { 'client-certificate-data': base64(certificate) } }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  });
  const metadata = { namespace: 'team', name: 'demo-kubeconfig' };
  return { apiVersion: 'v1', kind: 'Secret', metadata, data: { value: base64(text) } };
}

function cluster(owner: string): KubeObject {
  const annotations = { [OWNER_ANNOTATION]: owner };
  return { ...CLUSTER, metadata: { namespace: 'team', name: 'demo', annotations } };
}

function listed(ids = 'X509SHA256=00'): KubeObject {
  const { apiVersion, kind, ...metadata } = ACCESS_LIST;
  return { apiVersion, kind, metadata, data: { admitted: ids } };
}

/** What is admitted after one look of the agent. */
async function admitted(inside: readonly KubeObject[]): Promise<unknown> {
  const side = memorySide(inside);
  const end = new AbortController();
  const log = createLogger('silent');
  const running = runAccessKeeper(
    side.api,
    { namespace: 'team', cluster: 'demo' },
    log,
    end.signal,
  );
  await new Promise((resolve) => setTimeout(resolve, 20));
  end.abort();
  await running;
  return side.object(ACCESS_LIST)?.['data'];
}

describe('the agent, when Cluster API renews its certificate inside', () => {
  it('admits it beside the one before, whose connections go on', async () => {
    const secret = await kubeconfig();
    const id = credentialIn(secret, 'value');
    expect(await admitted([cluster('workload'), secret, listed()])).toEqual({
      admitted: `X509SHA256=00 ${id}`,
    });
  });

  it('leaves it to the provider to begin, and what an administrator has opened', async () => {
    const secret = await kubeconfig();
    expect(await admitted([cluster('workload'), secret])).toBeUndefined();
    const before = listed('*');
    expect(await admitted([cluster('workload'), secret, before])).toEqual(before['data']);
  });

  it('admits nothing that is issued while the cluster is not its own', async () => {
    const before = listed();
    expect(await admitted([cluster('moving'), await kubeconfig(), before])).toEqual(before['data']);
  });
});
