import { describe, expect, it } from '@jest/globals';
import { fc } from '../../test/properties.ts';
import { compareText, sortedRecord } from './order.ts';

describe('compareText', () => {
  it.each([
    { reason: 'code units, not a locale: upper case first', a: 'B', b: 'a', want: -1 },
    { reason: 'a prefix comes first', a: 'a', b: 'ab', want: -1 },
    { reason: 'equal', a: 'a', b: 'a', want: 0 },
    { reason: 'digits as text', a: '10', b: '9', want: -1 },
    { reason: 'umlauts after all of ASCII', a: 'ä', b: 'z', want: 1 },
  ])('$reason', ({ a, b, want }) => {
    expect(compareText(a, b)).toBe(want);
    expect(compareText(b, a)).toBe(want === 0 ? 0 : -want);
  });

  it('orders as the default sort does', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (texts) => {
        expect(texts.toSorted(compareText)).toEqual(texts.toSorted());
      }),
    );
  });
});

describe('sortedRecord', () => {
  it('has the same content, and the same bytes for every order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.integer()), (record) => {
        const turned = Object.fromEntries(Object.entries(record).toReversed());

        expect(sortedRecord(record)).toEqual(record);
        expect(JSON.stringify(sortedRecord(turned))).toBe(JSON.stringify(sortedRecord(record)));
      }),
    );
  });
});
