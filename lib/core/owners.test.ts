import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from './object.ts';
import { isControlledBy, isOwnedBy, ownersOf, withOwners } from './owners.ts';

const COMPOSITE = { apiVersion: 'g/v1', kind: 'X', name: 'x', uid: 'u1', controller: true };
const OTHER = { apiVersion: 'v1', kind: 'ConfigMap', name: 'c', uid: 'u2' };
const PLAIN: KubeObject = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' } };
const OWNED = withOwners(PLAIN, [COMPOSITE, OTHER]);

describe('owners', () => {
  it.each([
    { uid: 'u1', owned: true, controlled: true },
    { uid: 'u2', owned: true, controlled: false },
    { uid: 'u3', owned: false, controlled: false },
    { uid: undefined, owned: false, controlled: false },
  ])('of uid $uid: owned $owned, controlled $controlled', ({ uid, owned, controlled }) => {
    expect(isOwnedBy(OWNED, uid)).toBe(owned);
    expect(isControlledBy(OWNED, uid)).toBe(controlled);
    expect(isOwnedBy(PLAIN, uid)).toBe(false);
    expect(isControlledBy(PLAIN, uid)).toBe(false);
  });

  it('are read and written unchanged, and left out if there are none', () => {
    expect(ownersOf(OWNED)).toEqual([COMPOSITE, OTHER]);
    expect(ownersOf(PLAIN)).toEqual([]);
    expect(withOwners(OWNED, [OTHER])).toEqual(withOwners(PLAIN, [OTHER]));
    expect(withOwners(OWNED, [])).toStrictEqual(PLAIN);
  });
});
