import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import { keepersOf } from './gitops.ts';

type Metadata = KubeObject['metadata'];

const INSTANCE = { 'app.kubernetes.io/instance': 'clusters' };

function applied(manager: string): Metadata {
  return { labels: INSTANCE, managedFields: [{ manager, operation: 'Apply' }] };
}

describe('keepersOf', () => {
  it.each<{ reason: string; metadata: Metadata; are: readonly string[] }>([
    { reason: 'nothing', metadata: { labels: { app: 'a' }, annotations: { b: 'c' } }, are: [] },
    {
      reason: 'the annotation of Argo CD',
      metadata: { annotations: { 'argocd.argoproj.io/tracking-id': 'clusters:g/Kind:ns/name' } },
      are: ['Argo CD (Application clusters)'],
    },
    {
      reason: 'its own label',
      metadata: { labels: { 'argocd.argoproj.io/instance': 'clusters' } },
      are: ['Argo CD (Application clusters)'],
    },
    {
      reason: 'the common label with its field manager',
      metadata: applied('argocd-controller'),
      are: ['Argo CD (Application clusters)'],
    },
    { reason: 'the common label of a chart', metadata: applied('helm'), are: [] },
    {
      reason: 'a Kustomization of Flux',
      metadata: {
        labels: {
          'kustomize.toolkit.fluxcd.io/name': 'apps',
          'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
        },
      },
      are: ['Flux (Kustomization flux-system/apps)'],
    },
    {
      reason: 'a HelmRelease of Flux',
      metadata: { labels: { 'helm.toolkit.fluxcd.io/name': 'apps' } },
      are: ['Flux (HelmRelease apps)'],
    },
  ])('$reason', ({ metadata, are }) => {
    expect(keepersOf({ apiVersion: 'a/v1', kind: 'A', metadata })).toEqual(are);
  });
});
