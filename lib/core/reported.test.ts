import { describe, expect, it } from '@jest/globals';
import { fc } from '../../test/properties.ts';
import {
  countOf,
  cutText,
  fitLines,
  fitList,
  hasControls,
  plainText,
  plainValue,
  uniqueBy,
} from './reported.ts';

describe('plainText', () => {
  it.each([
    ['an escape sequence', 'a\u001b[2Jb', 'a [2Jb'],
    ['a C1 control, which terminals read as an escape', 'a\u009b2Jb', 'a 2Jb'],
    ['a link of a terminal', '\u001b]8;;http://evil\u0007x\u001b\\', ' ]8;;http://evil x \\'],
    ['line feeds, tabs and carriage returns', 'a\r\n\tb', 'a   b'],
    ['bidirectional controls', 'a\u202eb\u2066c\u200fd', 'a b c d'],
    ['invisible characters', 'a\u200bb\u2060c\ufeffd\u00ade', 'a b c d e'],
    ['tags', 'a\u{e0041}b', 'a b'],
    ['half characters', 'a\ud800b', 'a b'],
    ['no text of any language', 'Grüße, 世界, שלום, 🙂', 'Grüße, 世界, שלום, 🙂'],
  ])('removes %s', (_reason, text, want) => {
    expect(plainText(text)).toBe(want);
    expect(hasControls(text)).toBe(text !== want);
    expect(plainValue({ [text]: [text, 1, null] })).toEqual({ [want]: [want, 1, null] });
  });
});

describe('cutText', () => {
  it('keeps a short text, and says that a long one was cut', () => {
    expect(cutText('abc', 3)).toBe('abc');
    expect(cutText('abcd', 3)).toBe('ab…');
  });

  it('never leaves half of a character, and is never too long', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (text, most) => {
        const cut = cutText(text, most);
        expect(cut.length).toBeLessThanOrEqual(most);
        expect(hasControls(cut)).toBe(false);
      }),
    );
  });
});

describe('lists', () => {
  it('are cut by their size in JSON', () => {
    expect(fitList(['aa', 'bb', 'cc'], 10)).toEqual({ items: ['aa', 'bb'], more: 1 });
    expect(fitList(['aa'], 100)).toEqual({ items: ['aa'], more: 0 });
    expect(fitList(['界'], 5)).toEqual({ items: [], more: 1 });
  });

  it('of lines say how many more there are', () => {
    const lines = ['a\u001b', 'bbbb', 'c', 'd'];
    expect(fitLines(lines, { bytes: 10, longest: 3 })).toEqual(['a ', 'and 3 more']);
    expect(fitLines(lines, { bytes: 100, longest: 3 })).toEqual(['a ', 'bb…', 'c', 'd']);
  });

  it('have each key once', () => {
    expect(uniqueBy(['a1', 'b1', 'a2'], ([first = '']) => first)).toEqual(['a1', 'b1']);
  });
});

describe('countOf', () => {
  it.each([
    [3, 3],
    [-1, 0],
    [1.5, 0],
    ['3', 0],
    [Number.NaN, 0],
    [2 ** 40, 2 ** 31 - 1],
  ])('%p is %p', (value, want) => {
    expect(countOf(value)).toBe(want);
  });
});
