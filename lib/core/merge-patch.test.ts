import { describe, expect, it } from '@jest/globals';
import { fc } from '../../test/properties.ts';
import { mergePatch } from './merge-patch.ts';
import type { Json } from './object.ts';

describe('mergePatch', () => {
  it.each<{ target: Json; patch: Json; want: Json }>([
    { target: { a: 'b' }, patch: { a: 'c' }, want: { a: 'c' } },
    { target: { a: 'b' }, patch: { b: 'c' }, want: { a: 'b', b: 'c' } },
    { target: { a: 'b' }, patch: { a: null }, want: {} },
    { target: { a: 'b', b: 'c' }, patch: { a: null }, want: { b: 'c' } },
    { target: { a: ['b'] }, patch: { a: 'c' }, want: { a: 'c' } },
    { target: { a: 'c' }, patch: { a: ['b'] }, want: { a: ['b'] } },
    { target: { a: { b: 'c' } }, patch: { a: { b: 'd', c: null } }, want: { a: { b: 'd' } } },
    { target: { a: [{ b: 'c' }] }, patch: { a: [1] }, want: { a: [1] } },
    { target: ['a', 'b'], patch: ['c', 'd'], want: ['c', 'd'] },
    { target: { a: 'b' }, patch: ['c'], want: ['c'] },
    { target: { a: 'foo' }, patch: null, want: null },
    { target: { a: 'foo' }, patch: 'bar', want: 'bar' },
    { target: { e: null }, patch: { a: 1 }, want: { e: null, a: 1 } },
    { target: [1, 2], patch: { a: 'b', c: null }, want: { a: 'b' } },
    { target: {}, patch: { a: { bb: { ccc: null } } }, want: { a: { bb: {} } } },
  ])('RFC 7386 appendix A: $target with $patch', ({ target, patch, want }) => {
    expect(mergePatch(target, patch)).toEqual(want);
  });

  it('is idempotent', () => {
    fc.assert(
      fc.property(json(), json(), (target, patch) => {
        const once = mergePatch(target, patch);

        expect(mergePatch(once, patch)).toEqual(once);
      }),
    );
  });

  it('does not modify its arguments', () => {
    fc.assert(
      fc.property(json(), json(), (target, patch) => {
        const before = JSON.stringify([target, patch]);

        mergePatch(target, patch);

        expect(JSON.stringify([target, patch])).toBe(before);
      }),
    );
  });

  it('does not modify the prototype of objects', () => {
    const patch = JSON.parse('{"__proto__": {"polluted": true}}') as Json;

    mergePatch({}, patch);

    expect(Object.keys(Object.prototype)).not.toContain('polluted');
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

function json(): fc.Arbitrary<Json> {
  return fc.jsonValue().map((value) => JSON.parse(JSON.stringify(value)) as Json);
}
