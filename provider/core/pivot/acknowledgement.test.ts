import { describe, expect, it } from '@jest/globals';
import type { KubeObject, ObjectMeta } from '../../../lib/core/object.ts';
import { acknowledgementMissing } from './acknowledgement.ts';
import { anObject } from '../../testing/objects.ts';

const HELD = {
  finalizers: ['composite.apiextensions.crossplane.io', 'managedcluster.io/teardown'],
};
const DELETED = { deletionTimestamp: '2026-01-01T00:00:00Z' };

function composite(metadata: Partial<ObjectMeta>, refs: number, synced = 'True'): KubeObject {
  const resourceRefs = Array.from({ length: refs }, () => ({
    apiVersion: 'cluster.x-k8s.io/v1beta2',
    kind: 'Cluster',
    name: 'demo',
  }));
  return anObject('XManagedCluster', 'demo', {
    apiVersion: 'managedcluster.io/v1alpha1',
    metadata,
    spec: { resourceRefs },
    status: { conditions: [{ type: 'Synced', status: synced }] },
  });
}

describe('acknowledgementMissing', () => {
  it.each([
    { reason: 'it is gone', given: undefined },
    { reason: 'no reference is left', given: composite(HELD, 0) },
    {
      reason: 'it is being deleted, and core has taken its finalizer off',
      given: composite({ ...DELETED, finalizers: ['managedcluster.io/teardown'] }, 1),
    },
    {
      reason: 'it is being deleted, and no reference was left before',
      given: composite({ ...HELD, ...DELETED }, 0),
    },
  ])('nothing: $reason', ({ given }) => {
    expect(acknowledgementMissing(given)).toBeUndefined();
  });

  it.each([
    { reason: 'a reference', given: composite(HELD, 2), says: 'still refers to 2 objects' },
    { reason: 'a reconcile that failed', given: composite(HELD, 0, 'False'), says: 'not Synced' },
    {
      reason: 'a deletion that core has not acted upon',
      given: composite({ ...HELD, ...DELETED }, 1),
      says: 'check that Crossplane is running',
    },
    {
      reason: 'a deletion of what is paused',
      given: composite({ ...HELD, ...DELETED, annotations: { 'crossplane.io/paused': 'true' } }, 1),
      says: 'remove the annotation crossplane.io/paused',
    },
  ])('$reason', ({ given, says }) => {
    expect(acknowledgementMissing(given)).toContain(says);
  });
});
