import { beforeAll, describe, expect, it } from '@jest/globals';
import { CLUSTER } from '../../capi/kinds.ts';
import { ACCESS_ANNOTATION, ACCESS_LIST } from '../../lib/apis/access.ts';
import { OWNER_ANNOTATION } from '../../lib/apis/ownership.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { base64 } from '../../lib/core/secret-data.ts';
import { credentialIn } from '../../lib/kube/credential-id.ts';
import { memorySide } from '../../test/fake/memory-side.ts';
import { mintAuthority, mintClusterApiClient, type Pair } from '../certificates/mint.ts';
import type { Scope } from './part.ts';
import { shutOthers } from './shut-others.ts';

const LIFE = { now: new Date('2026-01-01T00:00:00Z'), days: 300 };
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
  const text = kubeconfigOf(user);
  const annotations = isInside ? { [ACCESS_ANNOTATION]: '2' } : {};
  const metadata = { namespace: 'team', name: 'demo-kubeconfig', annotations };
  return { apiVersion: 'v1', kind: 'Secret', metadata, data: { value: base64(text) } };
}

function kubeconfigOf(user: object): string {
  return JSON.stringify({
    'current-context': 'c',
    clusters: [{ name: 'c', cluster: { server: 'https://10.0.0.1:6443' } }],
    users: [{ name: 'u', user }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
  });
}

function id(n: number): string {
  return credentialIn(secret(n), 'value') ?? 'none';
}

function cluster(owner: string): KubeObject {
  const annotations = { [OWNER_ANNOTATION]: owner };
  return { ...CLUSTER, metadata: { namespace: 'team', name: 'demo', annotations } };
}

function listed(...ids: readonly string[]): KubeObject {
  const { apiVersion, kind, ...metadata } = ACCESS_LIST;
  return { apiVersion, kind, metadata, data: { admitted: ids.join(' ') } };
}

/** A Secret of a user, with the kubeconfig by which the provider reaches the cluster. */
function named(name: string, content: KubeObject): KubeObject {
  return { ...content, metadata: { namespace: 'team', name } };
}

/** What the cluster admits afterwards, undefined: everything; and what a user is told. */
async function after(
  inside: readonly KubeObject[],
  used: KubeObject | undefined,
): Promise<{ readonly admits: unknown; readonly remark: string | undefined }> {
  const side = memorySide(inside);
  const management = memorySide(used === undefined ? [] : [used]);
  const name = used?.metadata.name ?? 'demo-kubeconfig';
  const scope = {
    deps: { management: management.api },
    installation: { spec: { kubeconfigSecretRef: { name, key: 'value' } } },
    namespace: 'team',
    cluster: 'demo',
    workload: () => Promise.resolve(side.api),
  } as unknown as Scope;
  const remark = await shutOthers(scope);
  return { admits: side.object(ACCESS_LIST)?.['data'], remark };
}

describe('shutOthers', () => {
  it('admits only the certificate inside, once the management side has it too', async () => {
    const inside = [cluster('workload'), secret(1)];
    const nothing = { admits: undefined, remark: undefined };
    expect(await after(inside, secret(0, false))).toEqual(nothing);
    expect(await after(inside, undefined)).toEqual(nothing);
    const { admits } = await after(inside, secret(1, false));
    expect(admits).toEqual({ admitted: id(1) });
    expect(id(1)).toMatch(/^X509SHA256=[0-9a-f]{64}$/);
  });

  it('does not wait for a kubeconfig of another user, which it does not concern', async () => {
    const token = { ...secret(0), data: { value: base64(kubeconfigOf({ token: 't' })) } };
    const { admits } = await after([cluster('workload'), secret(1)], named('access', token));
    expect(admits).toEqual({ admitted: id(1) });
  });

  it('does not shut out the provider, whose Secret has a certificate of Cluster API, and says so', async () => {
    const { admits, remark } = await after(
      [cluster('workload'), secret(1)],
      named('access', secret(0)),
    );
    expect(admits).toBeUndefined();
    expect(remark).toContain('because Secret team/access has it');
  });

  it('adds a renewed certificate, whatever became of the Secret and its annotation', async () => {
    const { admits } = await after(
      [cluster('workload'), secret(2, false), listed(id(1))],
      secret(1, false),
    );
    expect(admits).toEqual({ admitted: `${id(1)} ${id(2)}` });
  });

  it.each([
    {
      reason: 'the handover has replaced nothing',
      inside: () => [cluster('workload'), secret(1, false)],
    },
    { reason: 'the pivot is under way', inside: () => [cluster('moving'), secret(1)] },
    { reason: 'there is no kubeconfig', inside: () => [cluster('workload')] },
  ])('restricts nothing while $reason', async ({ inside }) => {
    expect((await after(inside(), secret(1, false))).admits).toBeUndefined();
  });

  it.each([
    { reason: 'owns the cluster', root: () => [cluster('management')] },
    { reason: 'has taken the cluster back', root: () => [] },
  ])('admits everything again when the management side $reason', async ({ root }) => {
    const inside = [...root(), secret(1), listed(id(1))];
    expect((await after(inside, secret(1, false))).admits).toBeUndefined();
  });

  it('keeps what is admitted while the cluster moves', async () => {
    const before = listed(id(1));
    const { admits } = await after([cluster('moving'), secret(1), before], secret(1, false));
    expect(admits).toEqual(before['data']);
  });
});
