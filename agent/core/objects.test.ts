import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import { APPLIED_ANNOTATION, marked, toApply } from './applied.ts';
import {
  entryOf,
  inventoryObject,
  inventoryOf,
  isOf,
  labelled,
  removable,
  union,
  wavesOf,
  without,
  type Inventory,
} from './inventory.ts';
import { unready } from './readiness.ts';
import { isDue, lifeOf } from './token.ts';

const MAP = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'n' } };

describe('toApply', () => {
  const desired = marked({ ...MAP, spec: { a: 1, list: [{ b: 2 }] } });
  const there = { ...desired, metadata: { ...desired.metadata, resourceVersion: '5' } };

  it('applies what is not there, and nothing that is as desired', () => {
    expect(toApply(desired, undefined)).toBe(desired);
    expect(
      toApply(desired, { ...there, spec: { a: 1, defaulted: true, list: [{ b: 2, c: 3 }] } }),
    ).toBeUndefined();
  });

  it.each<{ reason: string; observed: KubeObject }>([
    {
      reason: 'a field was changed by others',
      observed: { ...there, spec: { a: 2, list: [{ b: 2 }] } },
    },
    {
      reason: 'others added to a list',
      observed: { ...there, spec: { a: 1, list: [{ b: 2 }, {}] } },
    },
    {
      reason: 'a field is no longer sent',
      observed: {
        ...there,
        metadata: { ...there.metadata, annotations: { [APPLIED_ANNOTATION]: 'old' } },
      },
    },
  ])('applies with the version that was seen: $reason', ({ observed }) => {
    expect(toApply(desired, observed)?.metadata.resourceVersion).toBe('5');
  });
});

describe('inventory', () => {
  const inventory: Inventory = {
    layer: 'l',
    installed: 'h',
    objects: [entryOf(MAP)],
    release: { name: 'r', namespace: 'n' },
    prune: 'Everything',
    kept: [{ ...entryOf(MAP), why: 'because' }],
    removed: true,
  };

  it('survives its ConfigMap', () => {
    expect(inventoryOf(inventoryObject(inventory))).toEqual(inventory);
    expect(inventoryOf(inventoryObject({ layer: 'l', objects: [] }))).toEqual({
      layer: 'l',
      objects: [],
    });
    expect(inventoryOf(MAP)).toBeUndefined();
    const broken = {
      ...inventoryObject(inventory),
      data: { objects: '[{"kind":3}, 7', release: '{', prune: 'everything', kept: '[{"kind":3}' },
    };
    expect(inventoryOf(broken)).toEqual({ layer: 'l', objects: [] });
  });

  it('knows an object whatever version it is named in', () => {
    const [old, now] = ['apps/v1beta1', 'apps/v1'].map((apiVersion) => ({
      ...entryOf(MAP),
      apiVersion,
    }));
    if (!old || !now) throw new Error('none');
    expect(without([old], [now])).toEqual([]);
    expect(union([old], [now, entryOf(MAP)])).toEqual([old, entryOf(MAP)]);
  });

  it('leaves to another layer what that one has as well', () => {
    expect(removable([entryOf(MAP)], 'x', [inventory])).toEqual([]);
    expect(removable([entryOf(MAP)], 'l', [inventory])).toEqual([entryOf(MAP)]);
  });

  it('knows what a layer has made by its label, even where there is nothing else in it', () => {
    const made = labelled(MAP, 'l');
    expect([isOf(made, 'l'), isOf(made, 'x'), isOf(MAP, 'l')]).toEqual([true, false, false]);
    expect(inventoryOf(made)).toBeUndefined();
  });

  it('sorts into waves', () => {
    const kinds = [
      'APIService',
      'Deployment',
      'ConfigMap',
      'CustomResourceDefinition',
      'Namespace',
    ];
    expect(
      wavesOf(kinds.map((kind) => ({ kind }))).map((wave) => wave.map(({ kind }) => kind)),
    ).toEqual([
      ['Namespace'],
      ['CustomResourceDefinition'],
      ['ConfigMap'],
      ['Deployment'],
      ['APIService'],
    ]);
  });
});

function waitOf(kind: string, status: object): string | undefined {
  return unready({ ...MAP, kind, metadata: { ...MAP.metadata, generation: 2 }, status });
}

describe('unready', () => {
  const seen = { observedGeneration: 2 };
  const available = [{ type: 'Available', status: 'True' }];

  it.each<{ reason: string; kind: string; status: object; ready: boolean }>([
    { reason: 'any kind', kind: 'ConfigMap', status: {}, ready: true },
    {
      reason: 'Deployment',
      kind: 'Deployment',
      status: { ...seen, conditions: available, replicas: 2, updatedReplicas: 2 },
      ready: true,
    },
    {
      reason: 'Deployment, old status',
      kind: 'Deployment',
      status: { conditions: available },
      ready: false,
    },
    {
      reason: 'Deployment, rolling',
      kind: 'Deployment',
      status: { ...seen, conditions: available, replicas: 2, updatedReplicas: 1 },
      ready: false,
    },
    {
      reason: 'DaemonSet',
      kind: 'DaemonSet',
      status: { ...seen, numberAvailable: 1, updatedNumberScheduled: 1, desiredNumberScheduled: 1 },
      ready: true,
    },
    {
      reason: 'DaemonSet, a node short',
      kind: 'DaemonSet',
      status: { ...seen, updatedNumberScheduled: 1, desiredNumberScheduled: 1 },
      ready: false,
    },
    {
      reason: 'StatefulSet',
      kind: 'StatefulSet',
      status: { ...seen, replicas: 1, readyReplicas: 1, updatedReplicas: 0 },
      ready: false,
    },
    {
      reason: 'Job',
      kind: 'Job',
      status: { conditions: [{ type: 'Complete', status: 'True' }] },
      ready: true,
    },
    {
      reason: 'Job that failed',
      kind: 'Job',
      status: { conditions: [{ type: 'Failed', status: 'True', reason: 'Backoff' }] },
      ready: false,
    },
    { reason: 'CRD', kind: 'CustomResourceDefinition', status: {}, ready: false },
  ])('$reason', ({ kind, status, ready }) => {
    expect(waitOf(kind, status) === undefined).toBe(ready);
  });
});

describe('token', () => {
  const claims = Buffer.from(JSON.stringify({ iat: 1000, exp: 4000 })).toString('base64url');

  it('is renewed at a third of its life', () => {
    const life = lifeOf(`x.${claims}.y`);
    expect(life).toEqual({ issuedAt: 1000, expiresAt: 4000 });
    expect([1999, 2000, 9000].map((now) => isDue(life, now))).toEqual([false, true, true]);
  });

  it('is left alone when it is none', () => {
    expect(
      ['', 'x', 'a.b.c', `x.${Buffer.from('{}').toString('base64url')}.y`].map(lifeOf),
    ).toEqual([undefined, undefined, undefined, undefined]);
    expect(isDue(undefined, 9)).toBe(false);
  });
});
