import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../lib/core/object.ts';
import { mirroredImage, mirrorRefusal, tagOf, withMirror } from './image-mirror.ts';
import { podSpecOf } from './json.ts';
import { keptBack, keptSentence, versionsOf } from './provider-versions.ts';
import { placed, unavailable } from './providers.ts';
import { forControlPlane, YOUNG_NODE } from './placement.ts';

const CONTROL_PLANE = { key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' };

function aDeployment(podSpec: Readonly<Record<string, unknown>> = {}): KubeObject {
  const containers = [{ name: 'manager', image: 'registry.k8s.io/capi/core:v1.14.0' }];
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: 'manager',
      namespace: 'capi-system',
      generation: 2,
      labels: { 'cluster.x-k8s.io/provider': 'cluster-api' },
    },
    spec: { replicas: 1, template: { spec: { containers, ...podSpec } } },
  };
}

function running(tag: string): KubeObject {
  return aDeployment({ containers: [{ image: `registry.k8s.io/capi/core:${tag}` }] });
}

describe('mirrorRefusal', () => {
  const allowed = ['r.example/mirror', 'other.example/'];

  it.each([
    undefined,
    '',
    'r.example/mirror',
    'r.example/mirror/',
    'r.example/mirror/a',
    'other.example',
  ])('allows %s', (mirror) => {
    expect(mirrorRefusal(mirror, allowed)).toBeUndefined();
  });

  it.each(['attacker.example/x', 'r.example', 'r.example/mirror-of-mine', 'r.example/mirrors/a'])(
    'refuses %s',
    (mirror) => {
      expect(mirrorRefusal(mirror, allowed)).toBe(
        `agent.imageMirror ${mirror} is not allowed by the flag --image-mirrors of the provider managed-cluster (it allows r.example/mirror, other.example/): remove it from the claim, or ask an administrator of the management side to add it`,
      );
      expect(mirrorRefusal(mirror, [])).toContain('(it allows none)');
    },
  );
});

describe('mirroredImage', () => {
  it.each<[string, string | undefined, string, string]>([
    ['registry.k8s.io/capi/core:v1', 'mirror/x', 'mirror/x/capi/core:v1', 'a registry goes'],
    ['localhost:5000/a/b:v1', 'mirror', 'mirror/a/b:v1', 'a port is a registry'],
    ['localhost/a:v1', 'mirror', 'mirror/a:v1', 'localhost is a registry'],
    ['kindest/node:v1', 'mirror', 'mirror/kindest/node:v1', 'Docker Hub with a path'],
    ['nginx', 'mirror', 'mirror/library/nginx', 'Docker Hub without a path'],
    ['nginx:1.2', 'mirror', 'mirror/library/nginx:1.2', 'a tag is no port'],
    ['a.b/c@sha256:0', 'mirror/', 'mirror/c@sha256:0', 'a digest stays'],
    ['a.b/c:v1@sha256:0', 'mirror', 'mirror/c:v1@sha256:0', 'a digest beside a tag stays'],
    ['c@sha256:0', 'mirror', 'mirror/library/c@sha256:0', 'a digest is no port'],
    ['mirror/c:v1', 'mirror', 'mirror/c:v1', 'what is of the mirror stays'],
    ['a.b/c:v1', undefined, 'a.b/c:v1', 'no mirror'],
  ])('%s with %s is %s: %s', (image, mirror, expected) => {
    expect(mirroredImage(image, mirror)).toBe(expected);
  });
});

describe('tagOf', () => {
  it.each([
    ['a/b:v1', 'v1'],
    ['host:5000/b', undefined],
    ['host:5000/b@sha256:0', 'sha256:0'],
    ['a/b:v1@sha256:0', 'sha256:0'],
  ])('%s is %s', (image, expected) => {
    expect(tagOf(image)).toBe(expected);
  });
});

describe('withMirror', () => {
  it('rewrites containers and init containers, and nothing else', () => {
    const init = [{ name: 'i', image: 'busybox' }];
    const mirrored = withMirror(
      aDeployment({ initContainers: init, serviceAccountName: 's' }),
      'm',
    );

    expect(podSpecOf(mirrored)).toEqual({
      containers: [{ name: 'manager', image: 'm/capi/core:v1.14.0' }],
      initContainers: [{ name: 'i', image: 'm/library/busybox' }],
      serviceAccountName: 's',
    });
  });
});

describe('forControlPlane', () => {
  it.each([
    { reason: 'none', tolerations: undefined, added: true },
    { reason: 'another taint', tolerations: [{ key: 'x', operator: 'Exists' }], added: true },
    {
      reason: 'only evictions',
      tolerations: [{ ...CONTROL_PLANE, effect: 'NoExecute' }],
      added: true,
    },
    { reason: 'the toleration itself', tolerations: [CONTROL_PLANE], added: false },
    { reason: 'all effects', tolerations: [{ key: CONTROL_PLANE.key }], added: false },
    { reason: 'all taints', tolerations: [{ operator: 'Exists' }], added: false },
  ])('with $reason', ({ tolerations, added }) => {
    const before = aDeployment(tolerations === undefined ? {} : { tolerations });
    const after = podSpecOf(forControlPlane(before))?.['tolerations'];

    expect(after).toEqual(added ? [...(tolerations ?? []), CONTROL_PLANE] : tolerations);
  });

  it('prefers control planes, where its image is kept, unless it has its own affinity', () => {
    const affinity = { podAntiAffinity: {} };

    expect(podSpecOf(forControlPlane(aDeployment()))).toMatchObject({
      affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{}] } },
    });
    expect(podSpecOf(forControlPlane(aDeployment({ affinity })))?.['affinity']).toBe(affinity);
  });

  it('is never a bare Exists, nor the toleration of a drained node', () => {
    for (const { key } of YOUNG_NODE) {
      expect(key).toEqual(
        expect.stringMatching(/control-plane|not-ready|uninitialized|network-unavailable/),
      );
    }
    expect(YOUNG_NODE).toHaveLength(4);
  });
});

describe('keptBack', () => {
  it.each([
    { reason: 'not installed yet', installed: [], paused: true, why: undefined },
    { reason: 'the same version', installed: [running('v1.14.0')], paused: true, why: undefined },
    { reason: 'an upgrade', installed: [running('v1.13.0')], paused: false, why: undefined },
    {
      reason: 'an upgrade while they are paused',
      installed: [running('v1.13.0')],
      paused: true,
      why: 'UpgradesPaused',
    },
    {
      reason: 'a downgrade, paused or not',
      installed: [running('v1.15.0')],
      paused: false,
      why: 'NewerThanManagement',
    },
    {
      reason: 'versions that tell nothing',
      installed: [running('main')],
      paused: false,
      why: undefined,
    },
  ])('$reason: $why', ({ installed, paused, why }) => {
    const sides = { management: [aDeployment()], workload: installed };
    const kept = keptBack(['cluster-api'], sides, paused);

    expect(kept).toEqual(why === undefined ? [] : [{ name: 'cluster-api', why }]);
    expect(keptSentence(kept) === undefined).toBe(why === undefined);
  });
});

describe('versionsOf', () => {
  const inventory = {
    apiVersion: 'clusterctl.cluster.x-k8s.io/v1alpha3',
    kind: 'Provider',
    metadata: { labels: { 'cluster.x-k8s.io/provider': 'cluster-api' } },
    version: 'v1.14.2',
  };

  it.each([
    { reason: 'the inventory says it', objects: [aDeployment(), inventory], version: 'v1.14.2' },
    { reason: 'else the image', objects: [aDeployment()], version: 'v1.14.0' },
    { reason: 'else nobody', objects: [], version: undefined },
  ])('$reason', ({ objects, version }) => {
    const [found] = versionsOf(['cluster-api'], objects);

    expect(found?.version).toBe(version);
  });
});

describe('placed', () => {
  it('sets our CA bundle in CRDs and webhooks and keeps that of other clients', () => {
    const hooks: KubeObject = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingWebhookConfiguration',
      metadata: { name: 'h' },
      webhooks: [
        { name: 'a', clientConfig: { service: { name: 's' }, caBundle: 'theirs' } },
        { name: 'b', clientConfig: { url: 'https://x', caBundle: 'theirs' } },
      ],
    };
    expect(placed(hooks, { cluster: 'demo', caBundle: 'ours' })).toMatchObject({
      metadata: { labels: { 'managedcluster.io/cluster': 'demo' } },
      webhooks: [{ clientConfig: { caBundle: 'ours' } }, { clientConfig: { caBundle: 'theirs' } }],
    });
  });
});

describe('unavailable', () => {
  const status = {
    observedGeneration: 2,
    availableReplicas: 1,
    updatedReplicas: 1,
    conditions: [{ type: 'Available', status: 'True' }],
  };

  it.each([
    { reason: 'works', change: {}, says: 'works' },
    { reason: 'stale status', change: { observedGeneration: 1 }, says: 'not observed yet' },
    { reason: 'no Pod', change: { availableReplicas: 0 }, says: 'not available yet' },
    { reason: 'only old Pods', change: { updatedReplicas: 0 }, says: 'not available yet' },
    { reason: 'no condition', change: { conditions: [] }, says: 'no Pod is running' },
  ])('$reason', ({ change, says }) => {
    const answer = unavailable({ ...aDeployment(), status: { ...status, ...change } }, 'n/d');

    expect(answer ?? 'works').toContain(says);
  });

  it('reports a Deployment that is scaled to 0, which Available does not show', () => {
    const scaled = { ...aDeployment(), spec: { replicas: 0 }, status };

    expect(unavailable(scaled, 'n/d')).toContain('scaled to 0 replicas');
    expect(unavailable(undefined, 'n/d')).toContain('does not exist yet');
  });
});
