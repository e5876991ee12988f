import { describe, expect, it } from '@jest/globals';
import type { JsonObject } from './object.ts';
import { prune } from './prune.ts';

describe('prune', () => {
  it.each<{ reason: string; object: JsonObject; keep?: readonly string[]; want: JsonObject }>([
    { reason: 'absent fields go', object: { a: undefined, b: 1 }, want: { b: 1 } },
    { reason: 'empty objects and lists go', object: { a: {}, b: [], c: 1 }, want: { c: 1 } },
    { reason: 'what becomes empty goes', object: { a: { b: { c: undefined } } }, want: {} },
    {
      reason: 'zero, false, null and empty texts say something',
      object: { a: 0, b: false, c: null, d: '' },
      want: { a: 0, b: false, c: null, d: '' },
    },
    {
      reason: 'entries of lists are pruned, and keep their place',
      object: { a: [{ b: undefined, c: 1 }, {}, 'x'] },
      want: { a: [{ c: 1 }, {}, 'x'] },
    },
    {
      reason: 'a kept path stays, below any other',
      object: { a: { registration: { taints: [] } }, taints: [] },
      keep: ['registration.taints'],
      want: { a: { registration: { taints: [] } } },
    },
    {
      reason: 'a kept path needs whole names',
      object: { myregistration: { taints: [] } },
      keep: ['registration.taints'],
      want: {},
    },
  ])('$reason', ({ object, keep, want }) => {
    expect(prune(object, keep)).toEqual(want);
  });
});
