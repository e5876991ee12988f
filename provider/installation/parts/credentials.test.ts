import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../lib/core/object.ts';
import type { PartOutcome, Scope } from '../part.ts';
import { type MemorySide, memorySide } from '../../../test/fake/memory-side.ts';
import { credentials } from './credentials.ts';

const AWS = 'infrastructure.cluster.x-k8s.io/v1beta2';
const STATIC = 'AWSClusterStaticIdentity';
const ROLE = 'AWSClusterRoleIdentity';
const CONTROLLER = 'AWSClusterControllerIdentity';
/** Every namespace may use the identity. */
const ALL = { allowedNamespaces: {} };
/** What CAPA itself logs in with. */
const BOOTSTRAP: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { namespace: 'capa-system', name: 'capa-manager-bootstrap-credentials' },
  data: { credentials: 'eA==' },
};
const KEYS: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { namespace: 'capa-system', name: 'keys' },
  data: { AccessKeyID: 'eA==' },
};

function namespace(labels: Readonly<Record<string, string>> = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'team', labels } };
}

/** An identity whose owner lets clusters of namespace `team` have a copy, unless told otherwise. */
function identity(
  kind: string,
  name: string,
  spec: Readonly<Record<string, unknown>>,
  copyTo = 'team',
): KubeObject {
  const annotations = { 'managedcluster.io/copy-to-clusters': copyTo };
  return { apiVersion: AWS, kind, metadata: { name, annotations }, spec };
}

function inTeam(annotations: Readonly<Record<string, string>>): KubeObject {
  const metadata = { namespace: 'team', name: 'account', annotations };
  return { apiVersion: 'v1', kind: 'Secret', metadata, data: { credentials: 'eA==' } };
}

function keys(allowedNamespaces?: unknown): KubeObject {
  return identity(STATIC, 'narrow', { secretRef: 'keys', allowedNamespaces });
}

async function pass(
  there: readonly KubeObject[],
  refs: Readonly<Record<string, { readonly kind: string; readonly name: string }>>,
  provider = 'aws',
): Promise<{ readonly outcome: PartOutcome; readonly workload: MemorySide }> {
  const [management, workload] = [memorySide(there), memorySide([])];
  const scope = {
    deps: { management: management.api },
    namespace: 'team',
    cluster: 'demo',
    installation: { spec: { cloud: { provider, ...refs } } },
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

  it.each<{
    reason: string;
    there: readonly KubeObject[];
    ref: { readonly kind: string; readonly name: string };
    provider?: string;
    refused: string;
    says: string;
  }>([
    {
      reason: 'that may be used, but whose owner has agreed to no copy',
      there: [namespace(), identity(STATIC, 'narrow', { secretRef: 'keys', ...ALL }, ''), KEYS],
      ref: narrow,
      refused: 'CopyNotAllowed',
      says: "if its owner agrees, run kubectl annotate AWSClusterStaticIdentity.infrastructure.cluster.x-k8s.io narrow managedcluster.io/copy-to-clusters='team' --overwrite",
    },
    {
      reason: 'that an identity which may be copied assumes a role by',
      there: [
        namespace(),
        identity(ROLE, 'role', { sourceIdentityRef: narrow, ...ALL }),
        identity(STATIC, 'narrow', { secretRef: 'keys', ...ALL }, 'others'),
        KEYS,
      ],
      ref: { kind: ROLE, name: 'role' },
      refused: 'CopyNotAllowed',
      says: "managedcluster.io/copy-to-clusters='others,team'",
    },
    {
      reason: 'of CAPA itself, which it makes for all namespaces',
      there: [namespace(), identity(CONTROLLER, 'default', ALL, '*'), BOOTSTRAP],
      ref: { kind: CONTROLLER, name: 'default' },
      refused: 'ControllerIdentity',
      says: 'never copied: refer to another identity; or',
    },
    {
      reason: 'of CAPA itself, as the Secret of another identity',
      there: [
        namespace(),
        identity(STATIC, 'narrow', { secretRef: BOOTSTRAP.metadata.name ?? '', ...ALL }),
        BOOTSTRAP,
      ],
      ref: narrow,
      refused: 'ControllerIdentity',
      says: 'Secret capa-system/capa-manager-bootstrap-credentials belongs to',
    },
    {
      reason: 'in a Secret of this namespace that the cluster cannot use',
      there: [namespace(), inTeam({})],
      ref: { kind: 'Secret', name: 'account' },
      provider: 'gcp',
      refused: 'SecretNotAllowed',
      says: "kubectl -n team annotate secret account managedcluster.io/usable-by='demo' --overwrite",
    },
  ])('$reason are not copied', async ({ there, ref, provider, refused, says }) => {
    const { outcome, workload } = await pass(there, { identityRef: ref }, provider);

    expect(outcome).toMatchObject({
      kind: 'Wait',
      reason: refused,
      message: expect.stringContaining(says),
    });
    expect(workload.writes).toEqual([]);
  });

  it('of a role that CAPA itself may assume are no Secret', async () => {
    const role = identity(ROLE, 'role', {
      sourceIdentityRef: { kind: CONTROLLER, name: 'default' },
      ...ALL,
    });
    const there = [namespace(), role, identity(CONTROLLER, 'default', ALL, ''), BOOTSTRAP];
    const { workload } = await pass(there, { identityRef: { kind: ROLE, name: 'role' } });

    expect(new Set(workload.writes)).toEqual(
      new Set([`apply ${CONTROLLER} default`, `apply ${ROLE} role`]),
    );
  });

  it('are not needed if the claim says that the permissions of the machines are enough', async () => {
    const own = { kind: CONTROLLER, name: 'default' };
    const { outcome, workload } = await pass([namespace()], {
      identityRef: own,
      workloadIdentityRef: own,
    });

    expect(outcome).toMatchObject({
      kind: 'Done',
      value: { remark: expect.stringMatching(/^No identity is copied/) },
    });
    expect(workload.writes).toEqual([]);
  });

  it('in a Secret that allows the cluster are copied', async () => {
    const { workload } = await pass(
      [namespace(), inTeam({ 'managedcluster.io/usable-by': 'demo' })],
      { identityRef: { kind: 'Secret', name: 'account' } },
      'gcp',
    );

    expect(workload.writes).toContain('apply Secret account');
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
