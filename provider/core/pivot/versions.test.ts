import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../lib/core/object.ts';
import { moveTypes, servesType, typeKey } from './move-types.ts';
import { anObject } from '../../testing/objects.ts';
import { providerVersions, versionProblem, type ProviderVersions } from './versions.ts';

describe('moveTypes', () => {
  it.each([
    { reason: 'of the core group', given: crd('cluster.x-k8s.io', 'Machine'), want: true },
    {
      reason: 'of a provider’s group',
      given: crd('ipam.cluster.x-k8s.io', 'InClusterIPPool'),
      want: true,
    },
    {
      reason: 'labelled by clusterctl',
      given: crd('metal3.io', 'BareMetalHost', { labels: { 'clusterctl.cluster.x-k8s.io': '' } }),
      want: true,
    },
    {
      reason: 'labelled with a provider',
      given: crd('example.com', 'Thing', { labels: { 'cluster.x-k8s.io/provider': 'x' } }),
      want: true,
    },
    { reason: 'of nobody', given: crd('example.com', 'Thing'), want: false },
    {
      reason: 'of a group that only ends alike',
      given: crd('notcluster.x-k8s.io', 'Thing'),
      want: false,
    },
    {
      reason: 'cluster-scoped',
      given: crd('runtime.cluster.x-k8s.io', 'ExtensionConfig', { scope: 'Cluster' }),
      want: false,
    },
    {
      reason: 'clusterctl’s inventory',
      given: crd('clusterctl.cluster.x-k8s.io', 'Provider'),
      want: false,
    },
  ])('finds kinds that are $reason: $want', ({ given, want }) => {
    const kinds = moveTypes([given]).filter(
      ({ kind }) => kind !== 'Secret' && kind !== 'ConfigMap',
    );
    expect(kinds.map(({ apiVersion }) => apiVersion.endsWith('/v1beta2'))).toEqual(
      want ? [true] : [],
    );
  });

  it('adds the kinds of the cloud, once', () => {
    const found = moveTypes(
      [crd('cluster.x-k8s.io', 'Machine')],
      [
        { apiVersion: 'cluster.x-k8s.io/v1beta1', kind: 'Machine' },
        { apiVersion: 'example.com/v1', kind: 'Pool' },
      ],
    );
    expect(found.map(typeKey)).toEqual([
      '/ConfigMap',
      '/Secret',
      'cluster.x-k8s.io/Machine',
      'example.com/Pool',
    ]);
  });

  it('checks the exact version', () => {
    const crds = [crd('cluster.x-k8s.io', 'Machine')];
    const answers = ['v1beta1', 'v1alpha4'].map((version) =>
      servesType(crds, { apiVersion: `cluster.x-k8s.io/${version}`, kind: 'Machine' }),
    );
    expect(answers).toEqual([true, false]);
  });
});

describe('versionProblem', () => {
  it.each([
    {
      reason: 'the same',
      from: side('r/x:v1.14.2'),
      to: side('mirror:5000/x:v1.14.2'),
      problem: undefined,
    },
    { reason: 'newer', from: side('x:v1.9.2'), to: side('x:v1.14.0'), problem: undefined },
    {
      reason: 'older',
      from: side('x:v1.14.2'),
      to: side('x:v1.14.1'),
      problem: 'older than v1.14.2',
    },
    {
      reason: 'the same tag without a number',
      from: side('x:dev', 'v1.14.2'),
      to: side('x:dev'),
      problem: undefined,
    },
    {
      reason: 'the same digest',
      from: side('x@sha256:ab'),
      to: side('y@sha256:ab'),
      problem: undefined,
    },
    {
      reason: 'numbers from the inventory',
      from: side('x:dev', 'v1.14.2'),
      to: side('x:other', 'v1.13.0'),
      problem: 'older',
    },
    {
      reason: 'not comparable',
      from: side('x:dev'),
      to: side('x:other'),
      problem: 'cannot be compared',
    },
    { reason: 'missing', from: side('x:v1.0.0'), to: new Map(), problem: 'is not installed' },
    { reason: 'nothing to compare with', from: new Map(), to: new Map(), problem: undefined },
  ])('$reason: $problem', ({ from, to, problem }) => {
    const said = versionProblem(from, to, ['core']);
    expect(problem === undefined ? said : said?.includes(problem)).toBe(
      problem === undefined ? undefined : true,
    );
  });
});

function crd(
  group: string,
  kind: string,
  given: { scope?: string; labels?: Record<string, string> } = {},
): KubeObject {
  const { scope = 'Namespaced', labels = {} } = given;
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${kind}.${group}`, labels },
    spec: {
      group,
      scope,
      names: { kind },
      versions: [
        { name: 'v1beta1', served: true, storage: false },
        { name: 'v1beta2', served: true, storage: true },
      ],
    },
  };
}

function side(image: string, inventory?: string): ProviderVersions {
  const labels = { 'cluster.x-k8s.io/provider': 'core' };
  const containers = [
    { name: 'proxy', image: 'x:v9.0.0' },
    { name: 'manager', image },
  ];
  const deployment = anObject('Deployment', 'd', {
    metadata: { labels },
    spec: { template: { spec: { containers } } },
  });
  const provider = { ...anObject('Provider', 'p', { metadata: { labels } }), version: inventory };
  return providerVersions([deployment], inventory === undefined ? [] : [provider]);
}
