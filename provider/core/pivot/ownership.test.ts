import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../../lib/core/object.ts';
import { standingOf, verdictOn, type Standing } from './existing.ts';
import { copyForm } from './copy-form.ts';
import type { Attempt } from './journal.ts';
import { activationPatch, fencePatch, fenceState, ownershipOf, ownerText } from './ownership.ts';
import { anObject } from '../../testing/objects.ts';

const attempt: Attempt = {
  epoch: 4,
  pivot: 'mine',
  owner: 'management',
  at: '',
  hash: '',
  types: [],
};

function cluster(owner: string | undefined, epoch: number, paused: boolean, uid = 'c'): KubeObject {
  return anObject('Cluster', 'demo', {
    metadata: {
      annotations: {
        ...(owner === undefined ? {} : { 'managedcluster.io/owner': owner }),
        'managedcluster.io/epoch': String(epoch),
        'managedcluster.io/source-uid': uid,
      },
    },
    spec: paused ? { paused: true } : {},
  });
}

function marked(mark: string): KubeObject {
  const found = cluster('moving', 4, true);
  const annotations = { ...found.metadata.annotations, 'managedcluster.io/pivot': mark };
  return { ...found, metadata: { ...found.metadata, annotations } };
}

describe('fenceState', () => {
  it.each([
    { reason: 'not yet', given: cluster('management', 3, false), want: 'Open' },
    { reason: 'an owner that is not said', given: cluster(undefined, 1, false), want: 'Open' },
    { reason: 'stands', given: cluster('moving', 4, true), want: 'Standing' },
    { reason: 'stands, with our mark', given: marked('mine'), want: 'Standing' },
    { reason: 'of this epoch, but another Pivot’s', given: marked('other'), want: 'Lost' },
    { reason: 'un-paused by force', given: cluster('moving', 4, false), want: 'Lost' },
    { reason: 'another pivot', given: cluster('moving', 6, true), want: 'Lost' },
    { reason: 'given back', given: cluster('management', 5, false), want: 'Lost' },
    { reason: 'the other side', given: cluster('workload', 3, false), want: 'Lost' },
    { reason: 'an owner that nobody knows', given: cluster('me', 3, false), want: 'Lost' },
  ])('$reason: $want', ({ given, want }) => {
    expect(fenceState(given, attempt)).toBe(want);
  });
});

it('fence and activation are one write each, which fails after a concurrent write', () => {
  expect(fencePatch(cluster('management', 3, false), attempt)).toEqual({
    metadata: {
      resourceVersion: '7',
      annotations: {
        'managedcluster.io/owner': 'moving',
        'managedcluster.io/epoch': '4',
        'managedcluster.io/pivot': 'mine',
      },
    },
    spec: { paused: true },
  });
  expect(activationPatch({ owner: 'workload', management: 'm' }, attempt)).toEqual([
    { op: 'test', path: '/metadata/annotations/managedcluster.io~1owner', value: 'moving' },
    { op: 'test', path: '/metadata/annotations/managedcluster.io~1epoch', value: '4' },
    { op: 'test', path: '/metadata/annotations/managedcluster.io~1pivot', value: 'mine' },
    { op: 'replace', path: '/metadata/annotations/managedcluster.io~1owner', value: 'workload' },
    { op: 'replace', path: '/metadata/annotations/managedcluster.io~1epoch', value: '5' },
    { op: 'remove', path: '/metadata/annotations/managedcluster.io~1pivot' },
    { op: 'add', path: '/metadata/annotations/managedcluster.io~1management', value: 'm' },
    { op: 'remove', path: '/spec/paused' },
  ]);
  expect(activationPatch({ owner: 'management' }, attempt)).not.toContainEqual(
    expect.objectContaining({ op: 'add' }),
  );
});

describe('standingOf', () => {
  const source = anObject('Cluster', 'demo', { uid: 'c' });

  it.each<{ reason: string; existing: KubeObject | undefined; want: Standing }>([
    { reason: 'nothing', existing: undefined, want: 'Absent' },
    { reason: 'ours', existing: cluster('moving', 4, true), want: 'Current' },
    { reason: 'ours, marked', existing: marked('mine'), want: 'Current' },
    { reason: 'of this epoch, another Pivot’s', existing: marked('other'), want: 'Foreign' },
    { reason: 'an earlier attempt', existing: cluster('moving', 2, true), want: 'Leftover' },
    { reason: 'a later attempt', existing: cluster('moving', 6, true), want: 'Foreign' },
    {
      reason: 'of this epoch, from elsewhere',
      existing: cluster('moving', 4, true, 'x'),
      want: 'Foreign',
    },
    { reason: 'it runs', existing: cluster('workload', 2, false), want: 'Foreign' },
    { reason: 'somebody’s own', existing: anObject('Cluster', 'demo'), want: 'Foreign' },
  ])('$reason: $want', ({ existing, want }) => {
    expect(standingOf(existing, source, attempt)).toBe(want);
  });
});

describe('verdictOn', () => {
  const source = anObject('Machine', 'a', { uid: 'm', spec: { providerID: 'p' } });
  const wanted = copyForm(source, () => undefined);
  const other = { annotations: { 'managedcluster.io/source-uid': 'other' } };

  it.each<{ reason: string; existing: KubeObject; standing: Standing; want: string }>([
    { reason: 'the same', existing: wanted, standing: 'Current', want: 'Adopt' },
    {
      reason: 'the same, of an earlier attempt',
      existing: wanted,
      standing: 'Leftover',
      want: 'Adopt',
    },
    {
      reason: 'other content',
      existing: { ...wanted, spec: {} },
      standing: 'Current',
      want: 'Overwrite',
    },
    {
      reason: 'being deleted',
      existing: { ...wanted, metadata: { ...wanted.metadata, deletionTimestamp: 'now' } },
      standing: 'Current',
      want: 'Leaving',
    },
    {
      reason: 'a copy of another object, left over',
      existing: anObject('Machine', 'a', { metadata: other }),
      standing: 'Leftover',
      want: 'Overwrite',
    },
    {
      reason: 'a copy of another object, now',
      existing: anObject('Machine', 'a', { metadata: other }),
      standing: 'Current',
      want: 'Foreign',
    },
    {
      reason: 'somebody’s own',
      existing: anObject('Machine', 'a'),
      standing: 'Absent',
      want: 'Foreign',
    },
    {
      reason: 'left from before a release',
      existing: anObject('Machine', 'a'),
      standing: 'Leftover',
      want: 'Overwrite',
    },
    {
      reason: 'anything beside a cluster that runs',
      existing: wanted,
      standing: 'Foreign',
      want: 'Foreign',
    },
  ])('$reason: $want', ({ existing, standing, want }) => {
    expect(verdictOn(existing, wanted, { cluster: 'demo', standing })).toBe(want);
  });

  it('overwrites a Secret that the provider created', () => {
    const mine = anObject('Secret', 's', {
      metadata: { labels: { 'managedcluster.io/cluster': 'demo' } },
    });
    const copy = copyForm(anObject('Secret', 's'), () => undefined);
    expect(verdictOn(mine, copy, { cluster: 'demo', standing: 'Absent' })).toBe('Overwrite');
    expect(verdictOn(mine, copy, { cluster: 'other', standing: 'Absent' })).toBe('Foreign');
  });
});

function withEpoch(epoch: string): KubeObject {
  const there = cluster('management', 4, false);
  const annotations = { ...there.metadata.annotations, 'managedcluster.io/epoch': epoch };
  return { ...there, metadata: { ...there.metadata, annotations } };
}

describe('an epoch that is none', () => {
  it.each(['99999999999999999', '9007199254740993', '1e3', '-1', '0x10', ' 4', '', '4.0'])(
    'is not read as another one: "%s"',
    (epoch) => {
      expect(ownershipOf(withEpoch(epoch)).owner).toBe('unknown');
      expect(ownerText(withEpoch(epoch))).toContain('not an integer of at most 15 digits; correct');
    },
  );

  it('is everything else: 15 digits are exact', () => {
    expect(ownershipOf(withEpoch('999999999999999'))).toMatchObject({
      owner: 'management',
      epoch: 999_999_999_999_999,
    });
  });
});
