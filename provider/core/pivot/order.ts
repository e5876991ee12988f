import type { KubeObject } from '../../../lib/core/object.ts';
import { compareText } from '../../../lib/core/order.ts';
import { keyOf, titleOf, uidOf } from './identity.ts';
import { ownersOf } from '../../../lib/core/owners.ts';

/**
 * levelsOf sorts objects into ownership levels: objects without an owner in the list come first, and every
 * object comes after all its owners. Fails if owner references form a cycle.
 */
export function levelsOf(objects: readonly KubeObject[]): readonly (readonly KubeObject[])[] {
  const byUid = new Map(objects.map((object) => [uidOf(object), object]));
  const depths = new Map<string, number>();
  for (const object of objects) depthOf(object, byUid, { depths, above: [] });
  const levels: KubeObject[][] = [];
  for (const object of objects.toSorted((a, b) => compareText(keyOf(a), keyOf(b)))) {
    const depth = depths.get(uidOf(object)) ?? 0;
    (levels[depth] ??= []).push(object);
  }
  return levels;
}

interface Search {
  readonly depths: Map<string, number>;
  /** The chain of owners above, to detect a cycle. */
  readonly above: readonly KubeObject[];
}

function depthOf(
  object: KubeObject,
  byUid: ReadonlyMap<string, KubeObject>,
  { depths, above }: Search,
): number {
  const uid = uidOf(object);
  const known = depths.get(uid);
  if (known !== undefined) return known;
  if (above.includes(object)) {
    throw new Error(`cannot order by ownership: ${[...above, object].map(titleOf).join(' < ')}`);
  }
  const owners = ownersOf(object).flatMap((owner) => byUid.get(owner.uid) ?? []);
  const below = { depths, above: [...above, object] };
  const depth = Math.max(0, ...owners.map((owner) => depthOf(owner, byUid, below) + 1));
  depths.set(uid, depth);
  return depth;
}
