import { describe, expect, it } from '@jest/globals';
import { conditionOf, isFresh, isTrue } from './conditions.ts';
import type { KubeObject } from './object.ts';

function withStatus(status: unknown, metadata = {}): KubeObject {
  return { apiVersion: 'v1', kind: 'X', metadata, status };
}

function ready(status: string, reason = 'R') {
  return { type: 'Ready', status, reason };
}

describe('conditionOf', () => {
  it.each([
    { reason: 'no object', object: undefined, want: undefined },
    { reason: 'no status', object: withStatus(undefined), want: undefined },
    { reason: 'no conditions', object: withStatus({}), want: undefined },
    { reason: 'conditions are no list', object: withStatus({ conditions: {} }), want: undefined },
    {
      reason: 'entries that are no conditions are passed over',
      object: withStatus({ conditions: [null, 'x', { type: 'Ready' }, ready('True')] }),
      want: ready('True'),
    },
    {
      reason: 'contract v1beta2',
      object: withStatus({ conditions: [{ type: 'A', status: 'True' }, ready('False')] }),
      want: ready('False'),
    },
    {
      reason: 'contract v1beta1: status.v1beta2 wins over conditions of the old meaning',
      object: withStatus({
        conditions: [ready('True', 'Old')],
        v1beta2: { conditions: [ready('False', 'New')] },
      }),
      want: ready('False', 'New'),
    },
    {
      reason: 'contract v1beta1: an old condition says nothing where the new one is missing',
      object: withStatus({ conditions: [ready('True', 'Old')], v1beta2: { conditions: [] } }),
      want: undefined,
    },
    {
      reason: 'the copy of old conditions in a v1beta2 object is not read',
      object: withStatus({ deprecated: { v1beta1: { conditions: [ready('True')] } } }),
      want: undefined,
    },
  ])('$reason', ({ object, want }) => {
    expect(conditionOf(object, 'Ready')).toEqual(want);
  });
});

describe('isTrue', () => {
  it.each([
    { status: 'True', want: true },
    { status: 'False', want: false },
    { status: 'Unknown', want: false },
    { status: 'true', want: false },
  ])('$status: $want', ({ status, want }) => {
    expect(isTrue(withStatus({ conditions: [ready(status)] }), 'Ready')).toBe(want);
  });
});

describe('isFresh', () => {
  it.each([
    { reason: 'seen', generation: 2, observed: 2, want: true },
    { reason: 'not yet seen', generation: 2, observed: 1, want: false },
    { reason: 'never seen', generation: 1, observed: undefined, want: false },
    {
      reason: 'an object without generation, as in a render',
      generation: undefined,
      observed: undefined,
      want: true,
    },
    {
      reason: 'being deleted',
      generation: 2,
      observed: 2,
      deletionTimestamp: '2026-01-01T00:00:00Z',
      want: false,
    },
  ])('$reason: $want', ({ generation, observed, want, ...metadata }) => {
    const object = withStatus(
      { observedGeneration: observed },
      { ...(generation === undefined ? {} : { generation }), ...deletion(metadata) },
    );

    expect(isFresh(object)).toBe(want);
  });
});

function deletion({ deletionTimestamp }: { deletionTimestamp?: string | undefined }) {
  return deletionTimestamp === undefined ? {} : { deletionTimestamp };
}
