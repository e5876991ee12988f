import { describe, expect, it } from '@jest/globals';
import { CLUSTER } from '../../../capi/kinds.ts';
import { PIVOT } from '../../../lib/apis/kinds.ts';
import {
  EPOCH_ANNOTATION,
  MANAGEMENT_ANNOTATION,
  OWNER_ANNOTATION,
  PIVOT_ANNOTATION,
  RECLAIMED_ANNOTATION,
  SOURCE_UID_ANNOTATION,
} from '../../../lib/apis/ownership.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { reclaimPatch, standDownPatch, type Views, wasHandedOver } from './forgotten.ts';

function cluster(owner?: string, epoch?: number, others: Readonly<Record<string, string>> = {}) {
  const annotations = {
    ...(owner === undefined ? {} : { [OWNER_ANNOTATION]: owner }),
    ...(epoch === undefined ? {} : { [EPOCH_ANNOTATION]: String(epoch) }),
    ...others,
  };
  return { ...CLUSTER, metadata: { name: 'demo', uid: 'here', resourceVersion: '7', annotations } };
}

/** The Cluster in the cluster, as a handover has copied it. */
function inside(owner: string, epoch: number, others: Readonly<Record<string, string>> = {}) {
  return cluster(owner, epoch, { [SOURCE_UID_ANNOTATION]: 'here', ...others });
}

function pivot(direction: string, committed: 'True' | 'False', epoch = 3, ready = 'False') {
  const conditions = [
    { type: 'Committed', status: committed, reason: 'x' },
    { type: 'Ready', status: ready, reason: 'x' },
  ];
  return { ...PIVOT, metadata: { name: 'p' }, spec: { direction }, status: { conditions, epoch } };
}

function views(here: KubeObject, there: KubeObject, more: Partial<Views> = {}): Views {
  return { here, inside: there, management: 'm', pivots: [], handedOver: false, ...more };
}

const MARK = { [MANAGEMENT_ANNOTATION]: 'm' };
const COPY = { [SOURCE_UID_ANNOTATION]: 's' };
const OTHER = { [SOURCE_UID_ANNOTATION]: 'other' };
const UNCOMMITTED = [pivot('ToWorkload', 'False')];
const DELETED = { ...cluster().metadata, deletionTimestamp: 't' };

describe('wasHandedOver', () => {
  it.each<[string, Views]>([
    ['to before any fence', views(cluster(), inside('workload', 3))],
    ['to after an abort', views(cluster('management', 3), inside('workload', 5))],
    [
      'and then an abort has raised the epoch to that of the cluster',
      views(cluster('management', 3), inside('workload', 3)),
    ],
    ['within the fence', views(cluster('moving', 2), inside('workload', 3))],
    [
      'within the fence, with its Pivot',
      views(cluster('moving', 2), inside('workload', 3), { pivots: UNCOMMITTED }),
    ],
    ['to before, during a take-back', views(cluster(), inside('moving', 4, MARK))],
    [
      'within the fence, during a take-back',
      views(cluster('moving', 6), inside('moving', 4, MARK), { pivots: UNCOMMITTED }),
    ],
    [
      'to between a take-back by hand and the next handover',
      views(cluster('management', 5, COPY), inside('workload', 7)),
    ],
    [
      'within the second fence, with the Pivots of the first handover and of the take-back',
      views(cluster('moving', 6, COPY), inside('workload', 7), {
        pivots: [
          pivot('ToWorkload', 'True', 3, 'True'),
          pivot('ToManagement', 'True', 5, 'True'),
          pivot('ToWorkload', 'False', 7),
        ],
      }),
    ],
    [
      'from objects without etcd, so that the uid of the Cluster is another one',
      views(cluster(), cluster('workload', 3, { ...OTHER, ...MARK })),
    ],
    ['and the cluster says a great epoch', views(cluster(), inside('workload', 5000))],
  ])('restored %s', (_case, given) => {
    expect(wasHandedOver(given)).toBe(true);
  });

  it.each<[string, Views]>([
    [
      'a handover after its commit',
      views(cluster('moving', 2), inside('workload', 3), { pivots: [pivot('ToWorkload', 'True')] }),
    ],
    [
      'a handover after its commit whose Pivot is lost',
      views(cluster('moving', 2), inside('workload', 3), { handedOver: true }),
    ],
    [
      'a take-back that has fenced its copy here',
      views(cluster('moving', 4, COPY), inside('moving', 4, MARK), {
        pivots: [pivot('ToManagement', 'False')],
      }),
    ],
    ['taken back', views(cluster('management', 5, COPY), inside('moving', 4, MARK))],
    ['a copy of a handover that goes on', views(cluster('moving', 2), inside('moving', 2))],
    ['a copy that was left by an abort', views(cluster('management', 3), inside('moving', 2))],
    ['known already', views(cluster('workload', 3), inside('workload', 3))],
    ['an epoch that is none', views(cluster(), inside('workload', Number.NaN))],
    ['being deleted', views({ ...cluster(), metadata: DELETED }, inside('workload', 3))],
    [
      'reclaimed with force',
      views(cluster('management', 4, { [RECLAIMED_ANNOTATION]: 'true' }), inside('workload', 9)),
    ],
    [
      'a kubeconfig that leads to another cluster of the same name',
      views(cluster(), cluster('workload', 3, { ...OTHER, [MANAGEMENT_ANNOTATION]: 'theirs' })),
    ],
    [
      'a management side that does not know its own uid',
      views(cluster(), cluster('workload', 3, MARK), { management: undefined }),
    ],
  ])('not: %s', (_case, given) => {
    expect(wasHandedOver(given)).toBe(false);
  });
});

describe('the writes', () => {
  it.each([
    [cluster('moving', 2), 3, '3'],
    [cluster('management', 3), 3, '4'],
    [cluster('management', 3), 5000, '1003'],
  ])(
    'pause exactly the Cluster that was read, with an epoch that is admitted',
    (here, epoch, want) => {
      expect(standDownPatch(here, inside('workload', epoch))).toEqual({
        metadata: {
          resourceVersion: '7',
          annotations: {
            [OWNER_ANNOTATION]: 'workload',
            [EPOCH_ANNOTATION]: want,
            [PIVOT_ANNOTATION]: null,
          },
        },
        spec: { paused: true },
      });
    },
  );

  it('take it back with a higher epoch, and a mark by which it is not paused again', () => {
    expect(reclaimPatch(cluster('workload', 3))).toEqual({
      metadata: {
        resourceVersion: '7',
        annotations: {
          [OWNER_ANNOTATION]: 'management',
          [EPOCH_ANNOTATION]: '4',
          [RECLAIMED_ANNOTATION]: 'true',
        },
      },
      spec: { paused: null },
    });
  });
});
