import { describe, expect, it } from '@jest/globals';
import {
  NAMESPACED_MANAGED_CLUSTER,
  MANAGED_CLUSTER_CLAIM,
  X_MANAGED_CLUSTER,
} from '../../../lib/apis/kinds.ts';
import { TEARDOWN_FINALIZER } from '../../../lib/apis/ownership.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { isOf } from './belonging.ts';
import {
  clusterOf,
  goneSubject,
  isHeldByCrossplane,
  isUnguarded,
  mayBeGuarded,
  subjectOf,
} from './subject.ts';

const CORE = 'composite.apiextensions.crossplane.io';
const PAUSED = { 'crossplane.io/paused': 'true' };

function composite(
  metadata: KubeObject['metadata'] = {},
  spec: Readonly<Record<string, unknown>> = {},
): KubeObject {
  return {
    ...NAMESPACED_MANAGED_CLUSTER,
    metadata: { name: 'demo', namespace: 'team', uid: 'u1', ...metadata },
    spec,
  };
}

function claim(
  spec: Readonly<Record<string, unknown>>,
  metadata: KubeObject['metadata'] = {},
): KubeObject {
  return {
    ...MANAGED_CLUSTER_CLAIM,
    metadata: { name: 'demo', namespace: 'team', ...metadata },
    spec,
  };
}

const behindClaim: KubeObject = {
  ...X_MANAGED_CLUSTER,
  metadata: { name: 'demo-x7f2a', uid: 'u2' },
  spec: { claimRef: { namespace: 'team', name: 'demo' }, deletionPolicy: 'Delete' },
};

describe('clusterOf', () => {
  it.each([
    {
      reason: 'a namespaced composite',
      of: composite(),
      cluster: { namespace: 'team', name: 'demo' },
    },
    {
      reason: 'a composite behind a claim',
      of: behindClaim,
      cluster: { namespace: 'team', name: 'demo' },
    },
    {
      reason: 'a cluster-scoped composite that nobody claimed',
      of: { ...X_MANAGED_CLUSTER, metadata: { name: 'lone' } },
      cluster: undefined,
    },
  ])('$reason', ({ of, cluster }) => {
    expect(clusterOf(of)).toEqual(cluster);
  });
});

describe('subjectOf', () => {
  it.each([
    { reason: 'by default', of: subjectOf(composite(), undefined, false), orphan: false },
    {
      reason: 'as the composite says',
      of: subjectOf(composite({}, { deletionPolicy: 'Orphan' }), undefined, false),
      orphan: true,
    },
    {
      reason: 'as the claim says, which is not copied any more',
      of: subjectOf(behindClaim, claim({ deletionPolicy: 'Orphan' }), false),
      orphan: true,
    },
  ])('is orphaned $reason: $orphan', ({ of, orphan }) => {
    expect(of?.orphan).toBe(orphan);
  });

  it.each([
    { forced: true, value: 'true' },
    { forced: false, value: 'yes' },
  ])('is forced by the annotation of claim or composite: $value', ({ forced, value }) => {
    const annotations = { 'managedcluster.io/force-escrow': value };

    expect(subjectOf(composite({ annotations }), undefined, false)?.forced).toBe(forced);
    expect(subjectOf(behindClaim, claim({}, { annotations }), false)?.forced).toBe(forced);
  });

  it('uses the kubeconfig Secret that the claim refers to', () => {
    const agent = { kubeconfigSecretRef: { name: 'way-in', key: 'config' } };

    expect(subjectOf(composite({}, { agent }), undefined, false)?.kubeconfig).toEqual({
      name: 'way-in',
      key: 'config',
    });
  });

  it('is paused by the annotation of claim or composite', () => {
    const annotations = { 'crossplane.io/paused': 'true' };

    expect(subjectOf(composite({ annotations }), undefined, false)?.paused).toBe(true);
    expect(subjectOf(behindClaim, claim({}, { annotations }), false)?.paused).toBe(true);
    expect(subjectOf(behindClaim, claim({}), false)?.paused).toBe(false);
  });
});

describe('the finalizer', () => {
  it.each([
    { reason: 'of one that nobody has seen yet', of: composite(), may: true },
    {
      reason: 'of one that was paused when Crossplane had seen it',
      of: composite({ annotations: PAUSED, finalizers: [CORE] }),
      may: true,
    },
    {
      reason: 'of one that was paused before',
      of: composite({ annotations: PAUSED }),
      may: false,
    },
  ])('$reason may be set: $may', ({ of, may }) => {
    expect(mayBeGuarded(of)).toBe(may);
  });

  it('of Crossplane means that it may still be composing', () => {
    expect(isHeldByCrossplane(composite({ finalizers: [CORE] }))).toBe(true);
    expect(isHeldByCrossplane(composite({ finalizers: [TEARDOWN_FINALIZER] }))).toBe(false);
  });
});

describe('isOf', () => {
  const subject = subjectOf(composite(), undefined, false)!;
  const owner = { apiVersion: 'v1', kind: 'ManagedCluster', name: 'demo' };

  it.each([
    { reason: 'owned', metadata: { ownerReferences: [{ ...owner, uid: 'u1' }] }, is: true },
    { reason: 'labelled', metadata: { labels: { 'crossplane.io/composite': 'demo' } }, is: true },
    {
      reason: 'owned by a namesake',
      metadata: { ownerReferences: [{ ...owner, uid: 'u9' }] },
      is: false,
    },
    {
      reason: 'of another',
      metadata: { labels: { 'crossplane.io/composite': 'demo-x' } },
      is: false,
    },
    { reason: 'of nobody', metadata: {}, is: false },
  ])('$reason: $is', ({ metadata, is }) => {
    expect(isOf(subject, { apiVersion: 'v1', kind: 'Cluster', metadata })).toBe(is);
  });
});

describe('isUnguarded', () => {
  const deletionTimestamp = '2026-01-01T00:00:00Z';
  const late = { deletionTimestamp, finalizers: [CORE] };

  it.each([
    { reason: 'it lives', of: composite({ finalizers: [CORE] }), is: false },
    {
      reason: 'it bears our finalizer',
      of: composite({ deletionTimestamp, finalizers: [CORE, TEARDOWN_FINALIZER] }),
      is: false,
    },
    {
      reason: 'its teardown is over',
      of: composite({ ...late, annotations: { 'managedcluster.io/teardown-removed': 'true' } }),
      is: false,
    },
    {
      reason: 'its cluster was handed over',
      of: { ...composite(late), status: { committed: true } },
      is: false,
    },
    { reason: 'it was deleted first', of: composite(late), is: true },
  ])('$reason: $is', ({ of, is }) => {
    expect(isUnguarded(subjectOf(of, undefined, false)!)).toBe(is);
  });

  it('is released by Crossplane when the composite no longer exists', () => {
    const subject = subjectOf(
      composite({ deletionTimestamp, finalizers: [CORE] }),
      undefined,
      false,
    )!;
    const gone = goneSubject(subject, true);
    expect(isHeldByCrossplane(gone.composite)).toBe(false);
    expect(gone).toMatchObject({ gone: true, terminating: true, cluster: subject.cluster });
  });
});
