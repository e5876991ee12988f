import { describe, expect, it } from '@jest/globals';
import { shapeMistakes, withDefaults } from './defaults.ts';
import type { Schema } from './schema.ts';

const SIZE: Schema = { type: 'integer', default: 3 };
const TEXT: Schema = { type: 'string' };

const SCHEMA: Schema = {
  type: 'object',
  properties: {
    plain: TEXT,
    preset: { type: 'integer', default: 7 },
    section: { type: 'object', default: {}, properties: { size: SIZE, name: TEXT } },
    absent: { type: 'object', properties: { size: SIZE } },
    partial: {
      type: 'object',
      default: { b: true },
      properties: { a: { type: 'integer', default: 1 }, b: { type: 'boolean', default: false } },
    },
    list: {
      type: 'array',
      default: [{}],
      items: { type: 'object', properties: { size: SIZE, name: TEXT } },
    },
    words: { type: 'array', items: TEXT },
    map: {
      type: 'object',
      additionalProperties: { type: 'object', properties: { size: SIZE } },
    },
    texts: { type: 'object', additionalProperties: TEXT },
    free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
  },
};

const ALL = {
  preset: 7,
  section: { size: 3 },
  partial: { a: 1, b: true },
  list: [{ size: 3 }],
};

describe('withDefaults', () => {
  // Every answer is the one that kube-apiserver v1.36.3 gave for a CRD with this schema.
  it.each<{ reason: string; value: unknown; want: unknown }>([
    { reason: 'absent fields', value: {}, want: ALL },
    {
      reason: 'null counts as absent: the default, or nothing at all',
      value: { plain: null, preset: null, section: null, list: null, words: null, free: null },
      want: ALL,
    },
    {
      reason: 'null one level down',
      value: { section: { size: null, name: null }, absent: null },
      want: ALL,
    },
    {
      reason: 'no default below what is absent, but below what is there',
      value: { absent: {} },
      want: { ...ALL, absent: { size: 3 } },
    },
    {
      reason: 'the default of an object is not merged into one that is there',
      value: { partial: {} },
      want: { ...ALL, partial: { a: 1, b: false } },
    },
    {
      reason: 'entries of lists, with null in them',
      value: { list: [{ name: 'x' }, { size: 9, name: null }] },
      want: { ...ALL, list: [{ name: 'x', size: 3 }, { size: 9 }] },
    },
    {
      reason: 'values of maps; a null value is no value',
      value: { map: { x: {}, y: null, z: { size: 1 } }, texts: { x: null, y: '1' } },
      want: { ...ALL, map: { x: { size: 3 }, z: { size: 1 } }, texts: { y: '1' } },
    },
    {
      reason: 'free-form content is left alone, null too',
      value: { free: { x: null, y: { z: null } } },
      want: { ...ALL, free: { x: null, y: { z: null } } },
    },
    {
      reason: 'what is there stays, also when it is false or empty',
      value: { preset: 0, partial: { a: 0, b: false }, list: [], plain: '' },
      want: { preset: 0, section: { size: 3 }, partial: { a: 0, b: false }, list: [], plain: '' },
    },
  ])('$reason', ({ value, want }) => {
    expect(withDefaults(value, SCHEMA)).toEqual(want);
  });

  it('gives the same bytes for every order of keys: schema first, then by name', () => {
    const free = { z: [{ b: 1, a: null }], y: { d: 1, c: 2 } };
    const value = { x: 1, texts: { k: '1', j: '2' }, free, words: ['b', 'a'], a: 1 };
    const turned = {
      a: 1,
      words: ['b', 'a'],
      free: { y: { c: 2, d: 1 }, z: [{ a: null, b: 1 }] },
      texts: { j: '2', k: '1' },
      x: 1,
    };
    const bytes = JSON.stringify(withDefaults(value, SCHEMA));

    expect(JSON.stringify(withDefaults(turned, SCHEMA))).toBe(bytes);
    expect(Object.keys(JSON.parse(bytes))).toEqual([
      'preset',
      'section',
      'partial',
      'list',
      'words',
      'texts',
      'free',
      'a',
      'x',
    ]);
  });

  it('changes nothing of what it is given, and nothing of the schema', () => {
    const value = { section: {} };
    const before = JSON.stringify(SCHEMA);

    withDefaults(value, SCHEMA);

    expect(value).toEqual({ section: {} });
    expect(JSON.stringify(SCHEMA)).toBe(before);
  });
});

describe('shapeMistakes', () => {
  const strict: Schema = {
    ...SCHEMA,
    required: ['plain'],
    properties: { ...SCHEMA.properties, color: { type: 'string', enum: ['red', 'blue'] } },
  };

  it.each<{ reason: string; value: unknown; want: readonly string[] }>([
    { reason: 'nothing wrong', value: { plain: 'x', color: 'red', words: ['a'] }, want: [] },
    {
      reason: 'unknown fields are no mistake, the API server drops them',
      value: { plain: '', x: 1 },
      want: [],
    },
    { reason: 'no object at all', value: 'x', want: ['spec must be of type object'] },
    { reason: 'a required field', value: {}, want: ['spec.plain is required'] },
    {
      reason: 'wrong types, all of them',
      value: { plain: 1, preset: 'x', words: 'x', section: [] },
      want: [
        'spec.plain must be of type string',
        'spec.preset must be of type integer',
        'spec.words must be of type array',
        'spec.section must be of type object',
      ],
    },
    {
      reason: 'a fraction is no integer',
      value: { plain: '', preset: 1.5 },
      want: ['spec.preset must be of type integer'],
    },
    {
      reason: 'null in a list',
      value: { plain: '', words: [null] },
      want: ['spec.words[0] must be of type string'],
    },
    {
      reason: 'below lists and maps',
      value: { plain: '', list: [{}, { size: 'x' }], map: { a: { size: 'y' } } },
      want: [
        'spec.list[1].size must be of type integer',
        'spec.map.a.size must be of type integer',
      ],
    },
    {
      reason: 'a value that is not one of those allowed',
      value: { plain: '', color: 'green' },
      want: ['spec.color must be one of "red", "blue"'],
    },
    {
      reason: 'a field with the name of a method is like any other',
      value: { plain: '', constructor: 1, map: { toString: { size: 'x' } } },
      want: ['spec.map.toString.size must be of type integer'],
    },
  ])('$reason', ({ value, want }) => {
    expect(shapeMistakes(value, strict, 'spec')).toEqual(want);
  });
});
