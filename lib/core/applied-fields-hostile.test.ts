import { describe, expect, it } from '@jest/globals';
import { appliedFields } from './applied-fields.ts';

describe('managedFields of a hostile server', () => {
  it.each([
    ['null', [null]],
    ['texts', ['x']],
    ['a manager that is none', [{ manager: 7, operation: 'Apply', fieldsV1: {} }]],
    ['fields that are none', [{ manager: 'm', operation: 'Apply', fieldsV1: null }]],
  ])('are no fields: %s', (_reason, managedFields) => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { managedFields } };
    expect(appliedFields(object as never, 'm')).toBeUndefined();
  });

  it('may name entries in no language', () => {
    const fieldsV1 = { 'f:list': { 'k:{no JSON': {}, 'v:"a"': {} } };
    const entry = { manager: 'm', operation: 'Apply', fieldsV1 };
    const object = {
      apiVersion: 'v1',
      kind: 'X',
      metadata: { managedFields: [entry] },
      list: ['a', 'b'],
    };
    expect(appliedFields(object as never, 'm')).toMatchObject({ list: ['a'] });
  });
});
