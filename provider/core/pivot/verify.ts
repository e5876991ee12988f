import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { compareText } from '../../../lib/core/order.ts';
import { missingIn } from '../../../lib/core/subset.ts';
import { belongsByItself } from './belongs.ts';
import { copyForm } from './copy-form.ts';
import { contentMissing, sourceUidOf } from './existing.ts';
import type { Graph } from './graph.ts';
import { isClusterApi, keyOf, titleOf, uidOf } from './identity.ts';
import { ownersOf } from '../../../lib/core/owners.ts';
import { statusForm } from './status-form.ts';

/** copiesIn are the copies among the objects of the target, by the uid that they have on the source. */
export function copiesIn(target: readonly KubeObject[]): ReadonlyMap<string, KubeObject> {
  return new Map(
    target.flatMap((object) => {
      const uid = sourceUidOf(object);
      return uid === undefined ? [] : [[uid, object] as const];
    }),
  );
}

/**
 * copyProblems are all ways in which the target is not what the source is, as sentences: objects that
 * are missing, that lack something, that have other owners, that were never on the source, and
 * machines that two objects claim. Status is compared but for what the target's controllers say of the
 * pause.
 */
export function copyProblems(graph: Graph, target: readonly KubeObject[]): readonly string[] {
  const copies = copiesIn(target);
  return [
    ...graph.objects.flatMap((object) => {
      const problem = problemOf(object, copies);
      return problem === undefined ? [] : [`${titleOf(object)} ${problem}`];
    }),
    ...strangers(graph, target),
    ...sharedProviderIds(target),
  ];
}

function problemOf(
  object: KubeObject,
  copies: ReadonlyMap<string, KubeObject>,
): string | undefined {
  const copy = copies.get(uidOf(object));
  if (copy === undefined || keyOf(copy) !== keyOf(object)) return 'is not on the target';
  if (copy.metadata.deletionTimestamp !== undefined) return 'is being deleted on the target';
  const wanted = copyForm(object, (uid) => copies.get(uid)?.metadata.uid);
  const missing = contentMissing(wanted, copy) ?? statusMissing(object, copy);
  if (missing !== undefined) return `differs on the target in ${missing}`;
  const owners = [wanted, copy].map((each) => ownersOf(each).map(({ uid }) => uid));
  return owners[0]?.toSorted(compareText).join() === owners[1]?.toSorted(compareText).join()
    ? undefined
    : 'has other owners on the target';
}

function statusMissing(object: KubeObject, copy: KubeObject): string | undefined {
  const wanted = statusForm(object, copy.metadata.generation ?? 1);
  if (wanted === undefined || !hasStatusSubresource(object)) return undefined;
  const status = recordIn(copy, 'status') ?? {};
  const { conditions, ...rest } = wanted;
  return missingIn(status, rest, 'status') ?? conditionsMissing(conditions, status['conditions']);
}

/** Beside what was restored there may be `Paused`, which the target's controllers add. */
function conditionsMissing(want: unknown, have: unknown): string | undefined {
  const present = Array.isArray(have) ? have : [];
  const lacking = (Array.isArray(want) ? want : []).find(
    (condition) => !present.some((other) => missingIn(other, condition) === undefined),
  );
  return lacking === undefined
    ? undefined
    : `status.conditions[${String(recordIn({ lacking }, 'lacking')?.['type'])}]`;
}

/** hasStatusSubresource tells whether status is restored at all: core objects without a controller of their own have none. */
export function hasStatusSubresource(object: KubeObject): boolean {
  return object.apiVersion !== 'v1' && recordIn(object, 'status') !== undefined;
}

/** A Machine that nobody copied would be a second machine for the cluster. */
function strangers(graph: Graph, target: readonly KubeObject[]): readonly string[] {
  return strangersOn(graph, target).map(
    (object) => `${titleOf(object)} is on the target, but not on the source`,
  );
}

/** strangersOn are the objects of Cluster API on the target that belong to the cluster, but are copies of nothing that moves. */
export function strangersOn(
  { cluster, objects }: Graph,
  target: readonly KubeObject[],
): readonly KubeObject[] {
  const known = new Set(objects.map(uidOf));
  return target
    .filter(
      (object) => isClusterApi(object) && belongsByItself(cluster.metadata.name ?? '', object),
    )
    .filter((object) => !known.has(sourceUidOf(object) ?? ''));
}

function sharedProviderIds(target: readonly KubeObject[]): readonly string[] {
  const holders = new Map<string, string>();
  return machinesIn(target).flatMap((machine) => {
    const id = recordIn(machine, 'spec')?.['providerID'];
    if (typeof id !== 'string') return [];
    const other = holders.get(id);
    holders.set(id, titleOf(machine));
    return other === undefined ? [] : [`${titleOf(machine)} has the providerID of ${other}`];
  });
}

/** machinesIn are the Machines among objects. */
export function machinesIn(objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects.filter((object) => object.kind === 'Machine' && isClusterApi(object));
}
