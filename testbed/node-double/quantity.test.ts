import { describe, expect, it } from '@jest/globals';
import { quantityOf } from './quantity.ts';

describe('quantityOf', () => {
  it.each([
    ['2', 2],
    ['500m', 0.5],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['128M', 128e6],
    ['1e3', 1000],
    ['0', 0],
  ])('%s', (text, expected) => {
    expect(quantityOf(text)).toBeCloseTo(expected);
  });

  it.each(['', 'many', '1Zi'])('refuses %p', (text) => {
    expect(() => quantityOf(text)).toThrow('cannot parse the quantity');
  });
});
