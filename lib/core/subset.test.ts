import { describe, expect, it } from '@jest/globals';
import { fc } from '../../test/properties.ts';
import { covers, missingIn } from './subset.ts';

describe('covers', () => {
  it.each([
    { reason: 'more fields are others’', there: { a: 1, b: 2 }, wanted: { a: 1 }, same: true },
    { reason: 'a missing field', there: { b: 2 }, wanted: { a: 1 }, same: false },
    { reason: 'another value', there: { a: 2 }, wanted: { a: 1 }, same: false },
    {
      reason: 'defaults in entries',
      there: { a: [{ b: 1, c: 2 }] },
      wanted: { a: [{ b: 1 }] },
      same: true,
    },
    { reason: 'an entry too many', there: { a: [1, 2] }, wanted: { a: [1] }, same: false },
    { reason: 'an entry too few', there: { a: [] }, wanted: { a: [1] }, same: false },
    { reason: 'a list is no object', there: { a: [1] }, wanted: { a: {} }, same: false },
    { reason: 'an undefined field', there: {}, wanted: { a: undefined }, same: true },
    { reason: 'an undefined field of what is not there', there: 1, wanted: undefined, same: true },
    { reason: 'an empty object that is there', there: { a: {} }, wanted: { a: {} }, same: true },
    {
      reason: 'an empty object that the server leaves out',
      there: {},
      wanted: { a: {} },
      same: false,
    },
    {
      reason: 'an empty list that the server leaves out',
      there: {},
      wanted: { a: [] },
      same: false,
    },
    { reason: 'null is not an object', there: { a: null }, wanted: { a: {} }, same: false },
  ])('$reason: $same', ({ there, wanted, same }) => {
    expect(covers(there, wanted)).toBe(same);
  });
});

describe('missingIn', () => {
  it.each([
    { reason: 'the same', want: { a: [1] }, have: { a: [1] }, missing: undefined },
    { reason: 'a default more', want: { a: 1 }, have: { a: 1, b: 2 }, missing: undefined },
    {
      reason: 'a default more in a list',
      want: [{ a: 1 }],
      have: [{ a: 1, b: 2 }],
      missing: undefined,
    },
    {
      reason: 'one field lost',
      want: { a: { b: 1, c: 2 } },
      have: { a: { b: 1 } },
      missing: 'a.c',
    },
    { reason: 'another value', want: { a: 1 }, have: { a: 2 }, missing: 'a' },
    { reason: 'another value at the top', want: 1, have: 2, missing: '' },
    { reason: 'an entry lost', want: { a: [1, 2] }, have: { a: [1] }, missing: 'a' },
    {
      reason: 'an entry changed',
      want: { a: [{ b: 1 }] },
      have: { a: [{ b: 2 }] },
      missing: 'a[0].b',
    },
    { reason: 'an empty map dropped by the server', want: { a: {} }, have: {}, missing: undefined },
    {
      reason: 'an empty list dropped by the server',
      want: { a: [] },
      have: {},
      missing: undefined,
    },
    { reason: 'false is not absent', want: { a: false }, have: {}, missing: 'a' },
  ])('$reason: $missing', ({ want, have, missing }) => {
    expect(missingIn(have, want)).toBe(missing);
  });

  it('prefixes the path with the given start', () => {
    expect(missingIn({ a: [{}] }, { a: [{ b: 1 }] }, 'status')).toBe('status.a[0].b');
  });

  it('misses nothing in what it is compared with', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => expect(missingIn(value, value)).toBeUndefined()),
    );
  });

  it('misses nothing where all is covered', () => {
    const key = fc.constantFrom('a', 'b');
    const small = fc.object({ key, values: [fc.constantFrom(1, null)], maxDepth: 2 });
    fc.assert(
      fc.property(small, small, (there, wanted) => {
        expect(!covers(there, wanted) || missingIn(there, wanted) === undefined).toBe(true);
      }),
    );
  });
});
