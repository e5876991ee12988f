import { describe, expect, it } from '@jest/globals';
import { fc } from '../../test/properties.ts';
import { canonicalJson, contentHash, sha256 } from './hash.ts';
import type { Json } from './object.ts';

describe('sha256', () => {
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    ['Grüße, 🌍', '2811f03898c7e842ff4f28da0066b076b6efad833fd35ce6c2a44f43c555e45c'],
    ['\ud800', '83d544ccc223c057d2bf80d3f2a32982c32c3c0db8e2674820da5064783fb097'],
  ])('of %j is stable, in UTF-8', (text, digest) => {
    expect(sha256(text)).toBe(digest);
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

  it('is equivalent to JSON for every value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const sane: Json = JSON.parse(JSON.stringify(value)) as Json;

        expect(JSON.parse(canonicalJson(sane))).toEqual(sane);
      }),
    );
  });
});

describe('contentHash', () => {
  it.each<{ value: Json; hash: string }>([
    {
      value: {
        spec: { template: { spec: { replicas: 3, version: 'v1.35.4' } } },
        kind: 'KubeadmControlPlane',
      },
      hash: '61903003',
    },
    { value: null, hash: '74234e98' },
    { value: ['ü', 1.5, true], hash: 'decdfc78' },
  ])('is $hash in every version, because object names depend on it', ({ value, hash }) => {
    expect(contentHash(value)).toBe(hash);
  });

  it('does not depend on the order of keys', () => {
    expect(contentHash({ a: 1, b: { c: 2, d: 3 } })).toBe(contentHash({ b: { d: 3, c: 2 }, a: 1 }));
  });

  it('changes with the content', () => {
    expect(contentHash({ a: 1 })).not.toBe(contentHash({ a: 2 }));
    expect(contentHash({ a: 1 })).toMatch(/^[0-9a-f]{8}$/);
  });
});
