import { describe, expect, it } from '@jest/globals';
import { isKubeObject, isRecord, recordIn } from './object.ts';

describe('recordIn and isRecord', () => {
  it.each([
    { reason: 'an object', value: { a: 1 }, want: true },
    { reason: 'a list', value: [], want: false },
    { reason: 'null', value: null, want: false },
    { reason: 'a text', value: 'x', want: false },
    { reason: 'nothing', value: undefined, want: false },
  ])('$reason: $want', ({ value, want }) => {
    expect(isRecord(value)).toBe(want);
    expect(recordIn({ field: value }, 'field')).toEqual(want ? value : undefined);
  });

  it('finds nothing in a value that is not an object', () => {
    expect(recordIn(undefined, 'field')).toBeUndefined();
    expect(recordIn('text', 'length')).toBeUndefined();
  });
});

describe('isKubeObject', () => {
  const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: {} };

  it.each([
    { reason: 'the three fields that all have', value: object, want: true },
    { reason: 'no apiVersion', value: { ...object, apiVersion: undefined }, want: false },
    { reason: 'a kind that is no text', value: { ...object, kind: 1 }, want: false },
    { reason: 'metadata that is null', value: { ...object, metadata: null }, want: false },
    { reason: 'metadata that is a list', value: { ...object, metadata: [] }, want: false },
    { reason: 'a list of objects', value: [object], want: false },
    { reason: 'nothing', value: null, want: false },
  ])('$reason: $want', ({ value, want }) => {
    expect(isKubeObject(value)).toBe(want);
  });
});
