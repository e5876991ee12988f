import { compositeUidOf } from '../../../lib/apis/composed.ts';
import { describe, expect, it } from '@jest/globals';
import { CLUSTER } from '../../../capi/kinds.ts';
import { NAMESPACED_MANAGED_CLUSTER, X_MANAGED_CLUSTER } from '../../../lib/apis/kinds.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { belongingOf, ownOf, stampOf, unlessTheirs } from './belonging.ts';
import { subjectOf } from './subject.ts';

const composite = {
  ...NAMESPACED_MANAGED_CLUSTER,
  metadata: { name: 'demo', namespace: 'team', uid: 'u1' },
  spec: {},
};
const subject = subjectOf(composite, undefined, false)!;
const LABEL = { labels: { 'crossplane.io/composite': 'demo' } };
const UNMARKED = {};
const OURS = { annotations: stampOf('u1') };
const THEIRS = ownedBy('u9');

function ownedBy(uid: string, type: object = X_MANAGED_CLUSTER): KubeObject['metadata'] {
  const owner = { ...NAMESPACED_MANAGED_CLUSTER, ...type, name: 'demo', uid };
  return { ownerReferences: [owner] };
}

function object(metadata: KubeObject['metadata'], kind = 'Machine'): KubeObject {
  return { ...CLUSTER, kind, metadata };
}

describe('belongingOf', () => {
  it.each([
    { reason: 'stamped', metadata: OURS, is: 'Ours' },
    { reason: 'stamped for another', metadata: { annotations: stampOf('u9') }, is: 'Theirs' },
    { reason: 'owned', metadata: ownedBy('u1'), is: 'Ours' },
    { reason: 'owned by another', metadata: THEIRS, is: 'Theirs' },
    {
      reason: 'owned by another of the same name',
      metadata: { ...LABEL, ...THEIRS },
      is: 'Theirs',
    },
    { reason: 'owned by a Cluster', metadata: ownedBy('u9', CLUSTER), is: 'Unknown' },
    { reason: 'labelled, by an older version', metadata: LABEL, is: 'Ours' },
    { reason: 'without a mark', metadata: UNMARKED, is: 'Unknown' },
  ])('$reason: $is', ({ metadata, is }) => {
    expect(belongingOf(subject, object(metadata))).toBe(is);
    expect(unlessTheirs(subject, object(metadata)) === undefined).toBe(is === 'Theirs');
  });

  it('reads the uid in the annotation, or that of the owning composite', () => {
    expect(compositeUidOf(object(OURS))).toBe('u1');
    expect(compositeUidOf(object(THEIRS))).toBe('u9');
    expect(compositeUidOf(object(ownedBy('u9', CLUSTER)))).toBeUndefined();
    expect(compositeUidOf(undefined)).toBeUndefined();
    expect(stampOf(undefined)).toEqual({});
  });
});

describe('ownOf', () => {
  const machine = object(UNMARKED);
  const stray = object(THEIRS, 'DevCluster');

  it.each([
    { reason: 'a Cluster of ours', root: OURS, more: [], own: 2, unsure: 0 },
    { reason: 'that of another', root: THEIRS, more: [], own: 0, unsure: 0 },
    { reason: 'one that came back', root: UNMARKED, more: [], own: 0, unsure: 2 },
    { reason: 'one that came back beside a stray', root: UNMARKED, more: [stray], unsure: 2 },
    { reason: 'ours beside a stray', root: OURS, more: [stray], own: 2, unsure: 0 },
    { reason: 'none, but what is ours', more: [object(OURS)], own: 2, unsure: 0 },
    { reason: 'none, but what is not', more: [stray], own: 0, unsure: 0 },
  ])('$reason', ({ root, more, own = 0, unsure }) => {
    const cluster = root === undefined ? undefined : object(root, 'Cluster');
    const all = [...(cluster === undefined ? [] : [cluster]), machine, ...more];
    const found = ownOf(subject, all, cluster);

    expect([found.own.length, found.unsure.length]).toEqual([own, unsure]);
  });
});
