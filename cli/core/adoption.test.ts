import { describe, expect, it } from '@jest/globals';
import { copyOf, SETTLED_MS, type Shown } from '../../agent/core/plan-copy.ts';
import { FULLEST, SMALLEST, type CloudName } from '../../capi/testing/claims.ts';
import { aClaimSpec, PUBLIC_KEY } from '../../capi/testing/clusters.ts';
import { parse } from '../../function/core/claim.ts';
import { CLUSTER_PLAN } from '../../function/core/composed-names.ts';
import { decide } from '../../function/core/decide.ts';
import { IDENTITY } from '../../function/core/identity.ts';
import { profileKey, SSH_KEYS } from '../../function/core/requirements.ts';
import { aScene } from '../../function/testing/scenes.ts';
import { AGENT_NAMESPACE } from '../../lib/apis/agent.ts';
import type { ClusterPlan } from '../../lib/apis/cluster-plan.generated.ts';
import { CLUSTER_PROFILE } from '../../lib/apis/kinds.ts';
import { SERVERS_ANNOTATION, USABLE_BY_ANNOTATION } from '../../lib/apis/opt-in.ts';
import { mergePatch } from '../../lib/core/merge-patch.ts';
import { type Json, type JsonObject, isRecord, type KubeObject } from '../../lib/core/object.ts';
import { adoptionOf } from './adoption.ts';
import type { Subject } from './snapshot.ts';

const SUBJECT: Subject = { flavour: 'claim', namespace: 'team-a', name: 'demo' };
const CLOUDS = Object.keys(SMALLEST) as CloudName[];

function secretOf(authorizedKeys: string): KubeObject {
  const annotations = { [USABLE_BY_ANNOTATION]: '*', [SERVERS_ANNOTATION]: '*' };
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'keys', namespace: 'team-a', annotations },
    data: { authorizedKeys: Buffer.from(authorizedKeys).toString('base64') },
  };
}

/** Layers of the priorities, named after the profile, and variables of all kinds. */
function aProfile(name: string, priorities: readonly number[]): KubeObject {
  const layers = priorities.map((installPriority) => ({
    name: `${name}-${installPriority}`,
    type: 'addon',
    installPriority,
    helm: {
      chart: 'app',
      repository: 'https://charts.example.com',
      version: '1.0.0',
      namespace: 'apps',
      values: { password: '${password}', size: '${size}' },
    },
  }));
  const variables = [
    { name: 'password', sensitive: true },
    { name: 'size', type: 'integer', default: '3' },
  ];
  return {
    ...CLUSTER_PROFILE,
    metadata: { name },
    spec: { versions: [{ version: '1.0.0', variables, layers }] },
  };
}

const PROFILES = [
  aProfile('early', [10, 20]),
  aProfile('late', [30, 20, 40]),
  aProfile('last', [5, 40]),
];

/** The plan that the function composes for a cluster that manages itself. */
function planOf(cloud: CloudName, spec: unknown, keys = PUBLIC_KEY): ClusterPlan {
  const site = PROFILES.reduce(
    (scene, profile) => scene.answer(profileKey(profile.metadata.name ?? ''), profile),
    aScene('SelfManaged', cloud).answer(SSH_KEYS, secretOf(keys)).answer(IDENTITY, secretOf(keys)),
  ).observed;
  const { desired, conditions } = decide({ ...site, composite: { ...site.composite, spec } });
  const accepted = conditions.find(({ type }) => type === 'Accepted');
  expect(accepted).toMatchObject({ status: 'True' });
  return JSON.parse(JSON.stringify(desired[CLUSTER_PLAN]));
}

/** What the agent of a cluster with the first plan does with the second one, of a side that knows nothing of the first. */
function copied(has: ClusterPlan, asks: ClusterPlan): ReturnType<typeof copyOf> {
  const created = copyOf(shown(has, 'before'), undefined, AGENT_NAMESPACE);
  if (created.kind !== 'Create') throw new Error('there is no copy');
  return copyOf(shown(asks, 'after'), created.object as ClusterPlan, AGENT_NAMESPACE);
}

function shown({ metadata, ...plan }: ClusterPlan, uid: string): Shown {
  const made = { ...plan, metadata: { ...metadata, uid, generation: 1 } };
  return { plan: made, unchangedMs: SETTLED_MS };
}

function specIn({ objects }: ReturnType<typeof adoptionOf>): JsonObject {
  return objects.at(-1)?.['spec'] as JsonObject;
}

function merged(spec: JsonObject, patch: JsonObject): JsonObject {
  const result: unknown = mergePatch(spec, patch);
  return isRecord<Json>(result) ? result : spec;
}

const password = {
  variables: [{ name: 'password', secretKeyRef: { name: 'passwords', key: 'first' } }],
};
const MANY_KEYS = Array.from({ length: 40 }, (_none, at) => `${PUBLIC_KEY}-${at}`);

const PATCHES: Readonly<Record<string, JsonObject>> = {
  'nothing else': {},
  'SSH keys': { ssh: { user: 'ops', authorizedKeys: [PUBLIC_KEY] } },
  'SSH keys in a Secret': { ssh: { user: 'ops', secretRef: { name: 'keys' } } },
  'an override': { overrides: [{ kind: 'Cluster', patch: { metadata: { labels: { a: 'z' } } } }] },
  'another kubeconfig': {
    agent: { kubeconfigSecretRef: { name: 'way-in', key: 'config' }, tokenDays: 7 },
  },
  'a profile': { profiles: [{ name: 'early', version: '1.0.0' }] },
  'profiles in an order that only one priority shows': {
    profiles: ['last', 'early', 'late'].map((name) => ({ name, version: '1.0.0' })),
  },
  'profiles in another order': {
    profiles: ['late', 'last', 'early'].map((name) => ({ name, version: '1.0.0' })),
  },
  'sensitive variables': { profiles: [{ name: 'late', version: '1.0.0', ...password }] },
};

describe('adoptionOf', () => {
  describe.each(CLOUDS)('%s', (cloud) => {
    const smallest = aClaimSpec(cloud);
    it.each(
      Object.entries(PATCHES).flatMap(([title, patch]) => [
        { title: `the smallest claim with ${title}`, spec: merged(smallest, patch) },
        {
          title: `the fullest claim with ${title}`,
          spec: merged(merged(smallest, FULLEST[cloud]), patch),
        },
      ]),
    )('asks for what the cluster has: $title', ({ spec }) => {
      const has = planOf(cloud, spec);
      const { objects, withoutProfile } = adoptionOf(SUBJECT, has, 'old');
      const [managedCluster] = objects;
      expect(objects).toHaveLength(1);
      expect(withoutProfile).toEqual([]);
      expect(parse({ ...managedCluster!, kind: 'NamespacedManagedCluster' }).kind).toBe('Claim');
      expect(copied(has, planOf(cloud, managedCluster?.['spec']))).toMatchObject({ kind: 'Offer' });
    });
  });

  it('adopts, with the kubeconfig of its own Secret and everything else of the agent', () => {
    const spec = merged(aClaimSpec('docker'), PATCHES['another kubeconfig']!);
    expect(specIn(adoptionOf(SUBJECT, planOf('docker', spec), 'old'))).toMatchObject({
      adoptFrom: 'old',
      agent: { kubeconfigSecretRef: { name: 'demo-access' }, tokenDays: 7 },
    });
  });

  it.each([
    { flavour: 'claim', apiVersion: 'managedcluster.io/v1alpha1', kind: 'ManagedCluster' },
    {
      flavour: 'composite',
      apiVersion: 'm.managedcluster.io/v1alpha1',
      kind: 'NamespacedManagedCluster',
    },
  ] as const)('is of the kind of a $flavour', ({ flavour, ...kind }) => {
    const { objects } = adoptionOf(
      { ...SUBJECT, flavour },
      planOf('docker', aClaimSpec('docker')),
      'old',
    );
    expect(objects).toMatchObject([{ ...kind, metadata: { name: 'demo', namespace: 'team-a' } }]);
  });

  it('keeps more keys than a claim may have in a Secret', () => {
    const text = MANY_KEYS.join('\n');
    const spec = merged(aClaimSpec('docker'), PATCHES['SSH keys in a Secret']!);
    const has = planOf('docker', spec, text);
    const adoption = adoptionOf(SUBJECT, has, 'old');
    expect(adoption.objects).toMatchObject([
      {
        kind: 'Secret',
        metadata: { name: 'demo-ssh-keys', annotations: { [USABLE_BY_ANNOTATION]: 'demo' } },
        stringData: { authorizedKeys: `${text}\n` },
      },
      { spec: { ssh: { user: 'ops', secretRef: { name: 'demo-ssh-keys' } } } },
    ]);
    expect(specIn(adoption)['ssh']).not.toHaveProperty('authorizedKeys');
    const asks = planOf('docker', specIn(adoption), `${text}\n`);
    expect(copied(has, asks)).toMatchObject({ kind: 'Offer' });
  });

  it('cannot recover the value of a variable: the agent says where it differs', () => {
    const profiles = [
      { name: 'early', version: '1.0.0', variables: [{ name: 'size', value: '5' }] },
    ];
    const has = planOf('docker', merged(aClaimSpec('docker'), { profiles }));
    const spec = specIn(adoptionOf(SUBJECT, has, 'old'));
    expect(copied(has, planOf('docker', spec))).toMatchObject({
      kind: 'Ignore',
      reason: 'ManagementRestored',
      message: expect.stringContaining('differs in layers'),
    });
    expect(copied(has, planOf('docker', merged(spec, { profiles })))).toMatchObject({
      kind: 'Offer',
    });
  });

  it('names the layers that no profile is known for', () => {
    const plan = planOf('docker', merged(aClaimSpec('docker'), PATCHES['a profile']!));
    const [first, second] = plan.spec.layers;
    const { profile: _none, ...own } = first!;
    const layers = [own, second!, { ...own, name: 'odd', profile: 'early' }];
    const adoption = adoptionOf(SUBJECT, { ...plan, spec: { ...plan.spec, layers } }, 'old');
    expect(adoption.withoutProfile).toEqual(['early-10', 'odd']);
    expect(specIn(adoption)['profiles']).toEqual([{ name: 'early', version: '1.0.0' }]);
  });

  it('ends when the layers contradict each other', () => {
    const plan = planOf('docker', merged(aClaimSpec('docker'), PATCHES['a profile']!));
    const [layer] = plan.spec.layers;
    const layers = ['a@1', 'b@1', 'b@1', 'a@1'].map((profile, at) => ({
      ...layer!,
      profile,
      installPriority: at < 2 ? 1 : 2,
    }));
    const adoption = adoptionOf(SUBJECT, { ...plan, spec: { ...plan.spec, layers } }, 'old');
    expect(specIn(adoption)['profiles']).toEqual([
      { name: 'a', version: '1' },
      { name: 'b', version: '1' },
    ]);
  });

  it.each([
    { what: 'no spec', spec: undefined, says: 'spec must be of type object' },
    {
      what: 'no cluster',
      spec: { epoch: 1, clusterName: 'demo', cluster: 'x', layers: [] },
      says: 'spec.cluster must be of type object',
    },
    {
      what: 'a layer without a name',
      spec: { epoch: 1, clusterName: 'demo', cluster: {}, layers: [{ type: 'cni' }] },
      says: 'spec.layers[0].name is required',
    },
  ])('refuses a plan with $what', ({ spec, says }) => {
    const plan = { ...planOf('docker', aClaimSpec('docker')), spec };
    expect(() => adoptionOf(SUBJECT, plan, 'old')).toThrow(says);
  });
});
