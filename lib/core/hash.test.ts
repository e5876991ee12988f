import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { fc } from '../../test/properties.ts';
import { canonicalJson, contentHash, sha256 } from './hash.ts';
import type { Json } from './object.ts';

describe('sha256', () => {
  it('is the SHA-256 of Node for every text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const bytes = new TextEncoder().encode(text);

        expect(sha256(text)).toBe(createHash('sha256').update(bytes).digest('hex'));
      }),
    );
  });

  it.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 10_000])('pads a text of %d bytes', (length) => {
    const text = 'a'.repeat(length);

    expect(sha256(text)).toBe(createHash('sha256').update(text).digest('hex'));
  });
});

describe('canonicalJson', () => {
  it.each<{ reason: string; value: Json; want: string }>([
    { reason: 'keys are sorted', value: { b: 1, a: 2 }, want: '{"a":2,"b":1}' },
    { reason: 'absent keys are absent', value: { a: undefined, b: null }, want: '{"b":null}' },
    {
      reason: 'lists keep their order',
      value: [2, 1, { y: 0, x: 0 }],
      want: '[2,1,{"x":0,"y":0}]',
    },
    { reason: 'texts are escaped', value: { 'a"': '\n' }, want: '{"a\\"":"\\n"}' },
  ])('$reason', ({ value, want }) => {
    expect(canonicalJson(value)).toBe(want);
  });

  it('says the same as JSON for every value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const sane: Json = JSON.parse(JSON.stringify(value)) as Json;

        expect(JSON.parse(canonicalJson(sane))).toEqual(sane);
      }),
    );
  });
});

describe('contentHash', () => {
  it('does not depend on the order of keys', () => {
    expect(contentHash({ a: 1, b: { c: 2, d: 3 } })).toBe(contentHash({ b: { d: 3, c: 2 }, a: 1 }));
  });

  it('changes with the content', () => {
    expect(contentHash({ a: 1 })).not.toBe(contentHash({ a: 2 }));
    expect(contentHash({ a: 1 })).toMatch(/^[0-9a-f]{8}$/);
  });
});
