import { describe, expect, it } from '@jest/globals';
import { fc, runs } from '../../test/properties.ts';
import { canonicalJson } from './hash.ts';
import type { Json } from './object.ts';
import { plainJson } from './plain-json.ts';

const anything = fc.anything({
  values: [
    fc.string(),
    fc.double(),
    fc.integer(),
    fc.boolean(),
    fc.constantFrom(null, undefined, -0, NaN, Infinity),
    fc.date({ noInvalidDate: true }),
  ],
});

describe('plainJson', () => {
  it('equals parsed JSON with sorted keys', () => {
    fc.assert(
      fc.property(anything, (value) => {
        const text: string | undefined = JSON.stringify(value);
        const plain = plainJson(value);

        expect(plain === undefined).toBe(text === undefined);
        if (text === undefined || plain === undefined) return;
        expect(plain).toStrictEqual(JSON.parse(text));
        expect(JSON.stringify(plain)).toBe(
          JSON.stringify(JSON.parse(canonicalJson(JSON.parse(text) as Json))),
        );
      }),
      runs(500),
    );
  });

  it('keeps __proto__ as a plain key', () => {
    const value: unknown = JSON.parse('{"__proto__":{"a":1},"b":[{"__proto__":2}]}');

    expect(JSON.stringify(plainJson(value))).toBe('{"__proto__":{"a":1},"b":[{"__proto__":2}]}');
  });

  it('returns a new object', () => {
    const value = { labels: { a: 'b' } };

    expect(plainJson(value)).not.toBe(value);
  });
});
