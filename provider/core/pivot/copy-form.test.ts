import { describe, expect, it } from '@jest/globals';
import { copyForm, restoredManagers } from './copy-form.ts';
import { contentMissing } from './existing.ts';
import { statusForm, statusPatch } from './status-form.ts';
import { mergePatch } from '../../../lib/core/merge-patch.ts';
import type { JsonObject } from '../../../lib/core/object.ts';
import { fc } from '../../../test/properties.ts';
import { anObject } from '../../testing/objects.ts';

const machine = anObject('Machine', 'a', {
  owners: [
    { uid: 'owner', controller: true },
    { uid: 'composite', kind: 'XManagedCluster' },
  ],
  metadata: {
    labels: { 'crossplane.io/composite': 'x', 'managedcluster.io/hold': '', team: 'a' },
    annotations: { 'crossplane.io/composition-resource-name': 'x', note: 'n' },
    finalizers: ['machine.cluster.x-k8s.io', 'foregroundDeletion'],
    creationTimestamp: '2026-01-01T00:00:00Z',
    deletionTimestamp: '2026-01-01T00:00:01Z',
  },
  spec: { providerID: 'p', unknownToUs: { nested: [1, { deep: true }] } },
  status: { phase: 'Running' },
});

describe('copyForm', () => {
  it('is the object without server-generated fields, status, and Crossplane metadata', () => {
    expect(copyForm(machine, (uid) => (uid === 'owner' ? 'new-owner' : undefined))).toEqual({
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'Machine',
      metadata: {
        name: 'a',
        namespace: 'ns',
        labels: { 'managedcluster.io/hold': '', team: 'a' },
        annotations: { note: 'n', 'managedcluster.io/source-uid': 'Machine-a' },
        finalizers: ['machine.cluster.x-k8s.io'],
        ownerReferences: [
          {
            apiVersion: 'cluster.x-k8s.io/v1beta2',
            kind: 'Owner',
            name: 'owner',
            uid: 'new-owner',
            controller: true,
          },
        ],
      },
      spec: { providerID: 'p', unknownToUs: { nested: [1, { deep: true }] } },
    });
  });

  it('replaces the source-uid of an earlier pivot', () => {
    const earlier = anObject('Machine', 'a', {
      metadata: { annotations: { 'managedcluster.io/source-uid': 'before' } },
    });
    expect(copyForm(earlier, () => undefined).metadata.annotations).toEqual({
      'managedcluster.io/source-uid': 'Machine-a',
    });
  });

  it('keeps unknown fields', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (fields) => {
        const content = JSON.parse(JSON.stringify({ spec: fields, data: fields })) as JsonObject;
        const object = { ...anObject('Machine', 'a'), ...content };
        expect(copyForm(object, () => undefined)).toMatchObject(content);
      }),
    );
  });
});

describe('restoredManagers', () => {
  const applied = {
    manager: 'apiextensions.crossplane.io/composed/1234',
    operation: 'Apply',
    fieldsV1: {},
  };
  const updated = { manager: 'manager', operation: 'Update', fieldsV1: {} };

  it('assigns fields that Crossplane applied to the agent', () => {
    const object = anObject('Cluster', 'a', {
      metadata: { managedFields: [applied, updated, { ...updated, subresource: 'status' }] },
    });
    expect(restoredManagers(object)).toEqual([
      { ...applied, manager: 'managed-cluster-agent' },
      updated,
    ]);
  });

  it('is undefined for objects without applied fields', () => {
    expect(
      restoredManagers(anObject('Machine', 'a', { metadata: { managedFields: [updated] } })),
    ).toBeUndefined();
  });
});

describe('statusForm', () => {
  const paused = { type: 'Paused', status: 'True', observedGeneration: 3 };
  const ready = { type: 'Ready', status: 'True', observedGeneration: 3 };

  it.each([
    { reason: 'fresh', observedGeneration: 3, want: 1 },
    { reason: 'behind its spec', observedGeneration: 2, generation: 5, want: 4 },
    { reason: 'behind its first spec', observedGeneration: 2, want: undefined },
  ])('adjusts observedGeneration: $reason', ({ observedGeneration, generation = 1, want }) => {
    const object = anObject('Machine', 'a', { status: { observedGeneration } });
    expect(statusForm(object, generation)).toEqual({ observedGeneration: want });
  });

  it('leaves out Paused in every list of conditions', () => {
    const conditions = [ready, paused];
    const object = anObject('Machine', 'a', {
      status: {
        conditions,
        v1beta2: { conditions },
        deprecated: { v1beta1: { conditions } },
        other: { conditions },
      },
    });
    const left = [{ ...ready, observedGeneration: 5 }];
    expect(statusForm(object, 5)).toEqual({
      conditions: left,
      v1beta2: { conditions: left },
      deprecated: { v1beta1: { conditions: left } },
      other: { conditions },
    });
  });

  it('is undefined without a status', () => {
    expect(statusForm(anObject('Machine', 'a'), 1)).toBeUndefined();
  });
});

describe('statusPatch', () => {
  it('turns any status into any other, and is undefined for equal ones', () => {
    fc.assert(
      fc.property(status(), status(), (have, want) => {
        const patch = statusPatch(have, want);
        const after = patch === undefined ? have : mergePatch(have, patch);
        expect(after).toEqual(want);
        expect(statusPatch(after, want)).toBeUndefined();
      }),
    );
  });

  it('leaves Paused to the target', () => {
    const conditions = [{ type: 'Paused', status: 'True' }];
    expect(statusPatch({ conditions, phase: 'Running' }, { phase: 'Running' })).toBeUndefined();
  });
});

describe('contentMissing', () => {
  it('finds any field that a copy lacks', () => {
    const lost = { ...machine, spec: { providerID: 'p', unknownToUs: { nested: [1, {}] } } };
    expect(
      contentMissing(
        copyForm(machine, () => undefined),
        copyForm(lost, () => undefined),
      ),
    ).toBe('spec.unknownToUs.nested[1].deep');
  });
});

function status(): fc.Arbitrary<JsonObject> {
  const leaf = fc.oneof(fc.string(), fc.integer(), fc.array(fc.integer()));
  return fc.dictionary(
    fc.constantFrom('a', 'b', 'c'),
    fc.oneof(leaf, fc.dictionary(fc.constantFrom('x', 'y'), leaf, { minKeys: 1 })),
  );
}
