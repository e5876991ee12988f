import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../lib/core/object.ts';
import type { PartOutcome, Scope } from '../part.ts';
import { type MemorySide, memorySide } from '../../../test/fake/memory-side.ts';
import { credentials } from './credentials.ts';

const AWS = 'infrastructure.cluster.x-k8s.io/v1beta2';
const STATIC = 'AWSClusterStaticIdentity';
const ROLE = 'AWSClusterRoleIdentity';
const KEYS: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { namespace: 'capa-system', name: 'keys' },
  data: { AccessKeyID: 'eA==' },
};

function namespace(labels: Readonly<Record<string, string>> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team', labels } };
}

function identity(kind: string, name: string, spec: Readonly<Record<string, unknown>>): KubeObject {
  return { apiVersion: AWS, kind, metadata: { name }, spec };
}

function keys(allowedNamespaces?: unknown): KubeObject {
  return identity(STATIC, 'narrow', { secretRef: 'keys', allowedNamespaces });
}

async function pass(
  there: readonly KubeObject[],
  refs: Readonly<Record<string, { readonly kind: string; readonly name: string }>>,
): Promise<{ readonly outcome: PartOutcome; readonly workload: MemorySide }> {
  const [management, workload] = [memorySide(there), memorySide([])];
  const scope = {
    deps: { management: management.api },
    namespace: 'team',
    cluster: 'demo',
    installation: { spec: { cloud: { provider: 'aws', ...refs } } },
    workload: () => Promise.resolve(workload.api),
    providers: () => Promise.resolve({ names: [], crds: [], objects: [], kept: [] }),
  } as unknown as Scope;
  return { outcome: await credentials.run(scope), workload };
}

describe('credentials', () => {
  const wide = { kind: STATIC, name: 'wide' };
  const narrow = { kind: STATIC, name: 'narrow' };

  it('are copied if the identity allows this namespace, under the name that the cluster uses', async () => {
    const there = [namespace(), keys({ list: ['team'] }), KEYS];
    const { outcome, workload } = await pass(there, {
      identityRef: wide,
      workloadIdentityRef: narrow,
    });

    expect(outcome.kind).toBe('Done');
    expect(workload.object({ apiVersion: AWS, kind: STATIC, name: 'wide' })).toMatchObject({
      spec: { secretRef: 'keys', allowedNamespaces: { list: ['team'] } },
    });
    expect(
      workload.object({ apiVersion: 'v1', kind: 'Secret', ...KEYS.metadata, name: 'keys' }),
    ).toMatchObject({ data: { AccessKeyID: 'eA==' } });
  });

  it('of a selected namespace are allowed for it in the cluster, where it has no labels', async () => {
    const allowed = { selector: { matchLabels: { tier: 'gold' } } };
    const { workload } = await pass([namespace({ tier: 'gold' }), keys(allowed), KEYS], {
      identityRef: narrow,
    });

    expect(workload.object({ apiVersion: AWS, kind: STATIC, name: 'narrow' })).toMatchObject({
      spec: { allowedNamespaces: { list: ['team'] } },
    });
  });

  it.each<{ reason: string; there: readonly KubeObject[]; name: string; refused: string }>([
    {
      reason: 'of others, named as workloadIdentityRef',
      there: [namespace(), keys({ list: ['others'] }), KEYS],
      name: STATIC,
      refused: `${STATIC} narrow`,
    },
    {
      reason: 'for nobody',
      there: [namespace(), keys(), KEYS],
      name: STATIC,
      refused: `${STATIC} narrow`,
    },
    {
      reason: 'that an identity of our own assumes a role by',
      there: [
        namespace(),
        identity(ROLE, 'narrow', {
          sourceIdentityRef: { kind: STATIC, name: 'source' },
          allowedNamespaces: {},
        }),
        identity(STATIC, 'source', { secretRef: 'keys', allowedNamespaces: { list: [] } }),
        KEYS,
      ],
      name: ROLE,
      refused: `${STATIC} source`,
    },
  ])('$reason are rejected, and nothing is copied', async ({ there, name: kind, refused }) => {
    const { outcome, workload } = await pass(there, {
      identityRef: { kind, name: 'wide' },
      workloadIdentityRef: { kind, name: 'narrow' },
    });

    expect(outcome).toEqual({
      kind: 'Wait',
      reason: 'IdentityNotAllowed',
      message: `${refused} does not allow clusters in namespace team: ask its owner to add the namespace to spec.allowedNamespaces, or refer to another identity`,
    });
    expect(workload.writes).toEqual([]);
  });

  it('that do not exist are waited for', async () => {
    const { outcome } = await pass([namespace()], { identityRef: narrow });

    expect(outcome).toMatchObject({
      kind: 'Wait',
      reason: 'CredentialMissing',
      message: `${STATIC} narrow does not exist: create it`,
    });
  });
});
