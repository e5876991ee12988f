import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from '../../lib/core/object.ts';
import { CLUSTER_PROFILE } from '../../lib/apis/kinds.ts';
import { AGENT_INSTALLATION, CLUSTER_PLAN, PIVOT } from './composed-names.ts';
import { decide } from './decide.ts';
import { SSH_KEYS } from './requirements.ts';
import { aScene, type Scene } from '../testing/scenes.ts';
import { patched } from '../testing/objects.ts';

const METADATA = { name: 'demo', namespace: 'team-a', labels: { 'managedcluster.io/hold': '' } };
const KUBECONFIG = { name: 'demo-kubeconfig', key: 'value' };

function desired(scene: Scene, name: string) {
  return decide(scene.observed).desired[name];
}

function planned(scene: Scene): JsonObject {
  return desired(scene, CLUSTER_PLAN)?.['spec'] as JsonObject;
}

/** A composite as it comes back from Crossplane, with the machinery of v1 and v2 in its spec. */
const MACHINERY: JsonObject = {
  claimRef: { name: 'demo', namespace: 'team-a', apiVersion: 'managedcluster.io/v1alpha1' },
  compositeDeletePolicy: 'Foreground',
  compositionRef: { name: 'c' },
  compositionRevisionRef: { name: 'c-1' },
  compositionRevisionSelector: {},
  compositionSelector: {},
  compositionUpdatePolicy: 'Automatic',
  crossplane: { compositionRef: { name: 'c' }, resourceRefs: [] },
  publishConnectionDetailsTo: { name: 's' },
  resourceRef: { name: 'demo-x' },
  resourceRefs: [{ apiVersion: 'v1', kind: 'X', name: 'x' }],
  writeConnectionSecretToRef: { name: 's' },
};

const profile = {
  ...CLUSTER_PROFILE,
  metadata: { name: 'net' },
  spec: {
    versions: [
      {
        version: '1.0.0',
        variables: [{ name: 'token', sensitive: true }],
        layers: [{ name: 'cni', type: 'cni', installPriority: 1, manifests: 'token: ${token}' }],
      },
    ],
  },
};

const rich = aScene('InstallingAgent')
  .spec({
    ...MACHINERY,
    profiles: [
      {
        name: 'net',
        version: '1.0.0',
        variables: [{ name: 'token', secretKeyRef: { name: 'vault', key: 't' } }],
      },
    ],
    ssh: { user: 'ops', secretRef: { name: 'keys' } },
    overrides: [{ kind: 'Cluster', patch: { metadata: { labels: { team: 'a' } } } }],
  })
  .answer('profile/net', profile)
  .answer(SSH_KEYS, {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'keys', annotations: { 'managedcluster.io/usable-by': 'demo' } },
    data: { authorizedKeys: Buffer.from('ssh-ed25519 AAAA me\n').toString('base64') },
  });

describe('ClusterPlan', () => {
  const spec = planned(rich);

  it('is complete, and holds nothing but what the agent needs', () => {
    expect(desired(rich, CLUSTER_PLAN)).toMatchObject({
      apiVersion: 'm.managedcluster.io/v1alpha1',
      kind: 'ClusterPlan',
      metadata: METADATA,
      spec: { epoch: 1, clusterName: 'demo' },
    });
    expect(Object.keys(spec).toSorted()).toEqual(['cluster', 'clusterName', 'epoch', 'layers']);
    expect(Object.keys(spec['cluster'] as JsonObject).toSorted()).toEqual([
      'agent',
      'certificates',
      'cloud',
      'controlPlane',
      'deletionPolicy',
      'kubernetes',
      'nodePools',
      'overrides',
      'paused',
      'ssh',
      'upgrade',
    ]);
  });

  it('holds SSH keys themselves, not the name of a Secret that the agent can not read', () => {
    expect(spec['cluster']).toMatchObject({
      ssh: { user: 'ops', authorizedKeys: ['ssh-ed25519 AAAA me'] },
    });
    expect(spec['cluster']).not.toHaveProperty('ssh.secretRef');
  });

  it('holds layers, and sensitive variables by reference only', () => {
    expect(spec['layers']).toEqual([
      {
        name: 'cni',
        type: 'cni',
        installPriority: 1,
        manifests: 'token: ${token}',
        profile: 'net@1.0.0',
        secretVariables: [{ name: 'token', secretKeyRef: { name: 'vault', key: 't' } }],
      },
    ]);
  });

  it.each([
    { reason: 'no ssh', ssh: null },
    { reason: 'no keys', ssh: { authorizedKeys: [] } },
  ])('says nothing of SSH when there is $reason', ({ ssh }) => {
    expect(planned(aScene('InstallingAgent').spec({ ssh }))['cluster']).not.toHaveProperty('ssh');
  });

  it('has the epoch of the cluster, which never decreases', () => {
    const scene = aScene('SelfManaged');

    expect(planned(scene)['epoch']).toBe(3);
    expect(planned(scene.status({ epoch: 7 }))['epoch']).toBe(7);
    const written = scene.change(CLUSTER_PLAN, (plan) => patched(plan, { spec: { epoch: 3 } }));

    expect(planned(written.composite({ status: null }))['epoch']).toBe(3);
  });

  it('follows the claim in every phase: that is how the agent learns of it', () => {
    for (const phase of ['InstallingAgent', 'Pivoting', 'SelfManaged'] as const) {
      const plan = planned(aScene(phase).spec({ controlPlane: { replicas: 5 }, paused: true }));

      expect(plan['cluster']).toMatchObject({ controlPlane: { replicas: 5 }, paused: true });
    }
  });
});

describe('AgentInstallation', () => {
  it('says what the provider needs', () => {
    expect(desired(aScene('InstallingAgent'), AGENT_INSTALLATION)).toEqual({
      apiVersion: 'm.managedcluster.io/v1alpha1',
      kind: 'AgentInstallation',
      metadata: METADATA,
      spec: {
        clusterName: 'demo',
        kubeconfigSecretRef: KUBECONFIG,
        cloud: { provider: 'docker' },
        tokenDays: 30,
        pauseUpgrades: false,
      },
    });
  });

  it('says that the agent is revoked, only if it is', () => {
    const scene = aScene('InstallingAgent').spec({ agent: { revoked: true } });
    expect(desired(scene, AGENT_INSTALLATION)?.['spec']).toMatchObject({ revoked: true });
  });

  it('passes on identities and the mirror', () => {
    const scene = aScene('InstallingAgent', 'aws').spec({
      cloud: { workloadIdentityRef: { kind: 'AWSClusterRoleIdentity', name: 'narrow' } },
      agent: { imageMirror: 'mirror.example.com', tokenDays: 7 },
    });

    expect(desired(scene, AGENT_INSTALLATION)?.['spec']).toMatchObject({
      cloud: {
        provider: 'aws',
        identityRef: { kind: 'AWSClusterRoleIdentity', name: 'account-1' },
        workloadIdentityRef: { kind: 'AWSClusterRoleIdentity', name: 'narrow' },
      },
      tokenDays: 7,
      imageMirror: 'mirror.example.com',
    });
  });
});

describe('Pivot', () => {
  it('is named and aimed', () => {
    expect(desired(aScene('Pivoting'), PIVOT)).toEqual({
      apiVersion: 'm.managedcluster.io/v1alpha1',
      kind: 'Pivot',
      metadata: METADATA,
      spec: {
        clusterName: 'demo',
        kubeconfigSecretRef: KUBECONFIG,
        direction: 'ToWorkload',
        provider: 'docker',
      },
    });
  });
});
