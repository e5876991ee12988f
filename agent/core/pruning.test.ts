import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import { HELM_POLICY, keepReason, keepsByItself, UPGRADE_ANNOTATION } from './pruning.ts';

const CORE = 'v1';
const KEPT_KINDS = [
  [CORE, 'Namespace'],
  [CORE, 'PersistentVolumeClaim'],
  [CORE, 'PersistentVolume'],
  ['apiextensions.k8s.io/v1', 'CustomResourceDefinition'],
  ['apiextensions.k8s.io/v1beta1', 'CustomResourceDefinition'],
  ['storage.k8s.io/v1', 'StorageClass'],
] as const;
const OTHER_KINDS = [
  [CORE, 'ConfigMap'],
  ['apps/v1', 'StatefulSet'],
  ['example.org/v1', 'Namespace'],
  ['example.org/v1', 'PersistentVolumeClaim'],
] as const;
const KEEP = [
  ['managedcluster.io/prune', 'disabled'],
  ['helm.sh/resource-policy', 'keep'],
  ['helm.sh/resource-policy', ' Keep '],
  ['kustomize.toolkit.fluxcd.io/prune', 'disabled'],
  ['kustomize.toolkit.fluxcd.io/prune', 'Disabled'],
  ['kustomize.toolkit.fluxcd.io/reconcile', 'disabled'],
  ['argocd.argoproj.io/sync-options', 'Prune=false'],
  ['argocd.argoproj.io/sync-options', 'Delete=false'],
  ['argocd.argoproj.io/sync-options', 'ServerSideApply=true, Prune=false'],
  ['argocd.argoproj.io/sync-options', 'Validate=false,Delete=confirm'],
] as const;
const NO_KEEP = [
  ['managedcluster.io/prune', 'enabled'],
  ['helm.sh/resource-policy', 'delete'],
  ['kustomize.toolkit.fluxcd.io/prune', ''],
  ['argocd.argoproj.io/sync-options', 'Prune=true,Delete=true'],
  ['argocd.argoproj.io/sync-options', 'Validate=false'],
  ['argocd.argoproj.io/sync-options', 'NoPrune=false'],
  ['example.org/resource-policy', 'keep'],
] as const;

function object(
  [apiVersion, kind]: readonly [string, string],
  metadata: KubeObject['metadata'] = {},
): KubeObject {
  return { apiVersion, kind, metadata: { name: 'a', ...metadata } };
}

describe('keepsByItself', () => {
  it.each<{ reason: string; annotations: Readonly<Record<string, string>>; want: boolean }>([
    { reason: 'says keep', annotations: { [HELM_POLICY]: 'keep' }, want: true },
    { reason: 'says nothing', annotations: {}, want: false },
    {
      reason: 'was marked for an upgrade',
      annotations: { [HELM_POLICY]: 'keep', [UPGRADE_ANNOTATION]: '' },
      want: false,
    },
  ])('an object that $reason: $want', ({ annotations, want }) => {
    const one = object([CORE, 'ConfigMap'], { annotations });
    expect(keepsByItself(one)).toBe(want);
    expect(keepReason(one) !== undefined).toBe(want);
  });
});

describe('keepReason', () => {
  it.each(KEPT_KINDS)('keeps %s %s, unless the layer says Everything', (...kind) => {
    expect(keepReason(object(kind))).toContain('prune: Everything');
    expect(keepReason(object(kind), 'Safe')).toContain(kind[1]);
    expect(keepReason(object(kind), 'Everything')).toBeUndefined();
  });

  it.each(OTHER_KINDS)('lets %s %s go', (...kind) => {
    expect(keepReason(object(kind))).toBeUndefined();
    expect(keepReason(object(kind), 'Everything')).toBeUndefined();
  });

  it.each(KEEP)('keeps an object with %s: %s', (name, value) => {
    for (const kind of [...KEPT_KINDS, ...OTHER_KINDS]) {
      const said = object(kind, { annotations: { other: 'x', [name]: value } });
      expect(keepReason(said, 'Safe')).toBe(`it has ${name}: ${value}`);
      expect(keepReason(said, 'Everything')).toBe(`it has ${name}: ${value}`);
    }
  });

  it.each(NO_KEEP)('reads no keep from %s: %s', (name, value) => {
    const said = object([CORE, 'Namespace'], { annotations: { [name]: value } });
    expect(keepReason(said, 'Everything')).toBeUndefined();
  });

  it('reads labels only where Flux does', () => {
    const flux = { labels: { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' } };
    const helm = { labels: { 'helm.sh/resource-policy': 'keep' } };
    expect(keepReason(object([CORE, 'ConfigMap'], flux), 'Everything')).toContain('fluxcd');
    expect(keepReason(object([CORE, 'ConfigMap'], helm), 'Everything')).toBeUndefined();
  });

  it.each(['default', 'kube-system', 'kube-public', 'managed-cluster-system'])(
    'never lets the Namespace %s go',
    (name) => {
      expect(keepReason(object([CORE, 'Namespace'], { name }), 'Everything')).toBeDefined();
    },
  );

  it('reads what a chart writes, even where it is no text', () => {
    const annotations = { 'helm.sh/resource-policy': true, 'managedcluster.io/prune': null };
    const odd = object([CORE, 'ConfigMap'], { annotations } as unknown as KubeObject['metadata']);
    expect(keepReason(odd, 'Everything')).toBeUndefined();
  });
});
