import { beforeAll, describe, expect, it } from '@jest/globals';
import { CLUSTER } from '../../capi/kinds.ts';
import { ACCESS_ANNOTATION, ACCESS_CONFIG_MAP } from '../../lib/apis/access.ts';
import { AGENT_NAMESPACE } from '../../lib/apis/agent.ts';
import { EPOCH_ANNOTATION, OWNER_ANNOTATION } from '../../lib/apis/ownership.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { base64 } from '../../lib/core/secret-data.ts';
import { credentialIn } from '../../lib/kube/credential-id.ts';
import { memorySide } from '../../test/fake/memory-side.ts';
import { mintAuthority, mintClusterApiClient, type Pair } from '../certificates/mint.ts';
import type { Scope } from './part.ts';
import { shutOthers } from './shut-others.ts';

const LIFE = { now: new Date('2026-01-01T00:00:00Z'), days: 300 };
const MAP = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace: AGENT_NAMESPACE,
  name: ACCESS_CONFIG_MAP,
};

let pairs: readonly Pair[];
beforeAll(async () => {
  const authority = await mintAuthority('kubernetes', LIFE);
  pairs = await Promise.all([1, 2, 3].map(() => mintClusterApiClient(authority, LIFE)));
});

/** The kubeconfig Secret with the n-th certificate; inside a cluster it has the annotation of its handover. */
function secret(n: number, isInside = true): KubeObject {
  const pair = pairs[n];
  const user = {
    'client-certificate-data': base64(pair?.certificate ?? ''),
    'client-key-data': base64(pair?.privateKey ?? ''),
  };
  const text = JSON.stringify({
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server: 'https://10.0.0.1:6443' } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  });
  const annotations = isInside ? { [ACCESS_ANNOTATION]: '2' } : {};
  const metadata = { namespace: 'team', name: 'demo-kubeconfig', annotations };
  return { apiVersion: 'v1', kind: 'Secret', metadata, data: { value: base64(text) } };
}

function id(n: number): string {
  return credentialIn(secret(n), 'value') ?? 'none';
}

function cluster(owner: string, epoch = 3): KubeObject {
  const annotations = { [OWNER_ANNOTATION]: owner, [EPOCH_ANNOTATION]: String(epoch) };
  return { ...CLUSTER, metadata: { namespace: 'team', name: 'demo', annotations } };
}

function listed(epoch: string, ...ids: readonly string[]): KubeObject {
  const { apiVersion, kind, ...metadata } = MAP;
  return { apiVersion, kind, metadata, data: { epoch, admitted: ids.join(' ') } };
}

/** What the cluster admits afterwards; undefined: everything. */
async function after(inside: readonly KubeObject[], kept?: KubeObject): Promise<unknown> {
  const side = memorySide(inside);
  const scope = {
    namespace: 'team',
    cluster: 'demo',
    workload: () => Promise.resolve(side.api),
  } as unknown as Scope;
  await shutOthers(scope, kept);
  return side.object(MAP)?.['data'];
}

describe('shutOthers', () => {
  it('admits only the certificate inside, once the management side has it too', async () => {
    const inside = [cluster('workload'), secret(1)];
    expect(await after(inside, secret(0, false))).toBeUndefined();
    expect(await after(inside, secret(1, false))).toEqual({ epoch: '3', admitted: id(1) });
    expect(id(1)).toMatch(/^X509SHA256=[0-9a-f]{64}$/);
  });

  it('does not wait for a kubeconfig that the management side does not use', async () => {
    expect(await after([cluster('workload'), secret(1)])).toEqual({ epoch: '3', admitted: id(1) });
  });

  it('adds a renewed certificate, and begins anew with another handover', async () => {
    const inside = [secret(2), listed('3', id(1))];
    expect(await after([cluster('workload'), ...inside])).toEqual({
      epoch: '3',
      admitted: `${id(1)} ${id(2)}`,
    });
    expect(await after([cluster('workload', 5), ...inside])).toEqual({
      epoch: '5',
      admitted: id(2),
    });
  });

  it.each([
    {
      reason: 'the handover has replaced nothing',
      inside: () => [cluster('workload'), secret(1, false)],
    },
    { reason: 'the pivot is under way', inside: () => [cluster('moving', 2), secret(1)] },
    { reason: 'there is no kubeconfig', inside: () => [cluster('workload')] },
  ])('restricts nothing while $reason', async ({ inside }) => {
    expect(await after(inside())).toBeUndefined();
  });

  it.each([
    { reason: 'owns the cluster', root: () => [cluster('management', 5)] },
    { reason: 'has taken the cluster back', root: () => [] },
  ])('admits everything again when the management side $reason', async ({ root }) => {
    expect(await after([...root(), secret(1), listed('3', id(1))])).toBeUndefined();
  });

  it('keeps what is admitted while the cluster moves', async () => {
    const before = listed('3', id(1));
    expect(await after([cluster('moving', 4), secret(1), before])).toEqual(before['data']);
  });
});
