import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { compareText } from '../../../lib/core/order.ts';
import { missingIn } from '../../../lib/core/subset.ts';
import { belongsByItself } from './belongs.ts';
import { copyForm } from './copy-form.ts';
import { accessEpochOf, contentMissing, sourceUidOf } from './existing.ts';
import type { Graph } from './graph.ts';
import { isClusterApi, keyOf, titleOf, uidOf } from './identity.ts';
import { ownersOf } from '../../../lib/core/owners.ts';
import { statusForm } from './status-form.ts';

/** copiesIn returns the copies among the objects of the target, by their uid on the source. */
export function copiesIn(target: readonly KubeObject[]): ReadonlyMap<string, KubeObject> {
  return new Map(
    target.flatMap((object) => {
      const uid = sourceUidOf(object);
      return uid === undefined ? [] : [[uid, object] as const];
    }),
  );
}

/**
 * copyProblems returns all differences between source and target, as messages: objects that are missing,
 * incomplete, have different owners or do not exist on the source, and machines that two objects claim.
 * Status is compared except for what the controllers of the target report about the pause.
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
  if (copy === undefined || keyOf(copy) !== keyOf(object)) return 'does not exist on the target';
  if (copy.metadata.deletionTimestamp !== undefined) return 'is being deleted on the target';
  const form = copyForm(object, (uid) => copies.get(uid)?.metadata.uid);
  // The certificate of a kubeconfig is issued anew for the target.
  const fresh = isFreshAccess(object, copy);
  const wanted = fresh ? { ...form, data: undefined } : form;
  const missing = contentMissing(wanted, copy) ?? statusMissing(object, copy);
  if (missing !== undefined) return `differs on the target in ${missing}`;
  const owners = [wanted, copy].map((each) => ownersOf(each).map(({ uid }) => uid));
  return owners[0]?.toSorted(compareText).join() === owners[1]?.toSorted(compareText).join()
    ? undefined
    : 'has different owners on the target';
}

/** By name and type: any other object may have that annotation. */
function isFreshAccess({ kind, metadata, type }: KubeObject, copy: KubeObject): boolean {
  const isTyped = kind === 'Secret' && type === 'cluster.x-k8s.io/secret';
  const isKubeconfig = isTyped && metadata.name?.endsWith('-kubeconfig') === true;
  return isKubeconfig && accessEpochOf(copy) !== undefined;
}

function statusMissing(object: KubeObject, copy: KubeObject): string | undefined {
  const wanted = statusForm(object, copy.metadata.generation ?? 1);
  if (wanted === undefined || !hasStatusSubresource(object)) return undefined;
  const status = recordIn(copy, 'status') ?? {};
  const { conditions, ...rest } = wanted;
  return missingIn(status, rest, 'status') ?? conditionsMissing(conditions, status['conditions']);
}

/** The target may also have `Paused`, which its controllers add. */
function conditionsMissing(want: unknown, have: unknown): string | undefined {
  const present = Array.isArray(have) ? have : [];
  const lacking = (Array.isArray(want) ? want : []).find(
    (condition) => !present.some((other) => missingIn(other, condition) === undefined),
  );
  return lacking === undefined
    ? undefined
    : `status.conditions[${String(recordIn({ lacking }, 'lacking')?.['type'])}]`;
}

/**
 * hasStatusSubresource reports whether status is restored: core objects without their own controller have
 * none.
 */
export function hasStatusSubresource(object: KubeObject): boolean {
  return object.apiVersion !== 'v1' && recordIn(object, 'status') !== undefined;
}

/** A Machine that is not a copy would be an additional machine of the cluster. */
function strangers(graph: Graph, target: readonly KubeObject[]): readonly string[] {
  return strangersOn(graph, target).map(
    (object) => `${titleOf(object)} exists on the target, but not on the source`,
  );
}

/**
 * strangersOn returns the Cluster API objects on the target that belong to the cluster but are not copies
 * of anything that moves.
 */
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

/** machinesIn returns the Machines among objects. */
export function machinesIn(objects: readonly KubeObject[]): readonly KubeObject[] {
  return objects.filter((object) => object.kind === 'Machine' && isClusterApi(object));
}
