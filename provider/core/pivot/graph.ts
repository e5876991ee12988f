import type { MovedStatus, SkippedStatus } from '../../../lib/apis/pivot.generated.ts';
import { contentHash } from '../../../lib/core/hash.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { compareText } from '../../../lib/core/order.ts';
import { isOwnedElsewhere, skippedReason } from './skipped.ts';
import { belongsByItself, referencesOf } from './belongs.ts';
import { keyOf, uidOf } from './identity.ts';
import { ownersOf } from '../../../lib/core/owners.ts';
import { levelsOf } from './order.ts';

/** Graph is what a pivot moves: one cluster with all that belongs to it. */
export interface Graph {
  readonly cluster: KubeObject;
  /** All objects, owners before what they own; the cluster among them. */
  readonly objects: readonly KubeObject[];
  readonly skipped: readonly SkippedStatus[];
}

/**
 * graphOf finds the objects of one Cluster among all of its namespace: what it owns over any number of
 * steps, what bears its name by Cluster API's rules, and what those refer to although nothing owns it
 * yet. Undefined when there is no Cluster of that name.
 */
export function graphOf(name: string, all: readonly KubeObject[]): Graph | undefined {
  const cluster = all.find((object) => keyOf(object) === `cluster.x-k8s.io/Cluster/${name}`);
  if (cluster === undefined) return undefined;
  const moved = closureOf(name, cluster, all);
  const objects = levelsOf([...moved.values()]).flat();
  return { cluster, objects, skipped: skippedOf(name, all, moved) };
}

/** graphHash names a graph: it changes when an object comes, goes, or is replaced. */
export function graphHash({ objects }: Graph): string {
  return contentHash(objects.map((object) => `${keyOf(object)} ${uidOf(object)}`).toSorted());
}

/** movedStatus is how the objects of a graph stand in the status of a Pivot. */
export function movedStatus({ objects }: Graph): readonly MovedStatus[] {
  return objects.map(({ kind, metadata }) => ({ kind, name: metadata.name ?? '' }));
}

type Moved = ReadonlyMap<string, KubeObject>;

/** Grows the set until nothing more belongs to it; by key, since uids need not be there in an escrow. */
function closureOf(name: string, cluster: KubeObject, all: readonly KubeObject[]): Moved {
  const moved = new Map<string, KubeObject>();
  const byKey = new Map(all.map((object) => [keyOf(object), object]));
  const children = childrenOf(all);
  const next = [cluster, ...all.filter((object) => belongsByItself(name, object))];
  for (let object = next.pop(); object !== undefined; object = next.pop()) {
    if (moved.has(keyOf(object))) continue;
    moved.set(keyOf(object), object);
    next.push(...(children.get(uidOf(object)) ?? []));
    const referred = referencesOf(object).flatMap((key) => byKey.get(key) ?? []);
    next.push(...referred.filter((other) => !isOwnedElsewhere(name, other)));
  }
  return moved;
}

function childrenOf(all: readonly KubeObject[]): ReadonlyMap<string, readonly KubeObject[]> {
  const children = new Map<string, KubeObject[]>();
  for (const object of all) {
    for (const { uid } of ownersOf(object)) {
      const siblings = children.get(uid);
      if (siblings === undefined) children.set(uid, [object]);
      else siblings.push(object);
    }
  }
  return children;
}

function skippedOf(
  name: string,
  all: readonly KubeObject[],
  moved: Moved,
): readonly SkippedStatus[] {
  return all
    .filter((object) => !moved.has(keyOf(object)))
    .flatMap((object) => {
      const reason = skippedReason(name, object);
      const { kind, metadata } = object;
      return reason === undefined ? [] : [{ kind, name: metadata.name ?? '', reason }];
    })
    .toSorted((a, b) => compareText(`${a.kind}/${a.name}`, `${b.kind}/${b.name}`));
}
