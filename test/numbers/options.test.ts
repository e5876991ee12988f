import { describe, expect, it } from '@jest/globals';
import { numbersOptions } from './options.ts';

describe('options', () => {
  it('are both lives and ten pivots there and back, unless told', () => {
    expect(numbersOptions([])).toEqual({ file: undefined, lives: ['product', 'hand'], pivots: 10 });
  });

  it('narrow what is measured', () => {
    const flags = ['--lives', 'hand', '--pivots', '1', '--report', 'a.md'];
    expect(numbersOptions(flags)).toEqual({ file: 'a.md', lives: ['hand'], pivots: 1 });
  });

  it('lead the lives in the order that is told', () => {
    expect(numbersOptions(['--lives', 'hand,product']).lives).toEqual(['hand', 'product']);
  });

  it.each([
    { flags: ['--lives', 'product,pivots'], says: 'product or hand' },
    { flags: ['--pivots', 'many'], says: 'no number' },
  ])('refuse $flags', ({ flags, says }) => {
    expect(() => numbersOptions(flags)).toThrow(says);
  });
});
