import type { MovedStatus, SkippedStatus } from '../../../lib/apis/pivot.generated.ts';
import { contentHash } from '../../../lib/core/hash.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { compareText } from '../../../lib/core/order.ts';
import { isOwnedElsewhere, skippedReason } from './skipped.ts';
import { belongsByItself, referencesOf } from './belongs.ts';
import { keyOf, uidOf } from './identity.ts';
import { ownersOf } from '../../../lib/core/owners.ts';
import { levelsOf } from './order.ts';

/** Graph is what a pivot moves: one Cluster and all objects that belong to it. */
export interface Graph {
  readonly cluster: KubeObject;
  /** All objects including the Cluster, owners before their dependents. */
  readonly objects: readonly KubeObject[];
  readonly skipped: readonly SkippedStatus[];
}

/**
 * graphOf finds the objects of one Cluster among all objects of its namespace: its direct and indirect
 * dependents, objects with its name according to the rules of Cluster API, and objects that these refer to
 * even if they have no owner yet. Undefined if the Cluster does not exist.
 */
export function graphOf(name: string, all: readonly KubeObject[]): Graph | undefined {
  const cluster = all.find((object) => keyOf(object) === `cluster.x-k8s.io/Cluster/${name}`);
  if (cluster === undefined) return undefined;
  const moved = closureOf(name, cluster, all);
  const objects = levelsOf([...moved.values()]).flat();
  return { cluster, objects, skipped: skippedOf(name, all, moved) };
}

/** graphHash identifies a graph: it changes if an object is added, removed or replaced. */
export function graphHash({ objects }: Graph): string {
  return contentHash(objects.map((object) => `${keyOf(object)} ${uidOf(object)}`).toSorted());
}

/** movedStatus returns the objects of a graph as they are listed in the status of a Pivot. */
export function movedStatus({ objects }: Graph): readonly MovedStatus[] {
  return objects.map(({ kind, metadata }) => ({ kind, name: metadata.name ?? '' }));
}

type Moved = ReadonlyMap<string, KubeObject>;

/** Adds objects until the set is closed. It works by key, because objects of an escrow may have no uid. */
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
