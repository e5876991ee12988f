import { COMPOSITE_UID_ANNOTATION } from '../../../lib/apis/ownership.ts';
import type { KubeObject, OwnerReference } from '../../../lib/core/object.ts';
import { isOwnedBy, ownersOf } from '../../../lib/core/owners.ts';
import type { EscrowRef } from '../escrow/escrow-set.ts';
import { COMPOSITE_LABEL, compositeTypes, type Subject } from './subject.ts';

/** Belonging is for whom an object was made; Unknown when nothing on it says so. */
export type Belonging = 'Ours' | 'Theirs' | 'Unknown';

/**
 * belongingOf tells for whom an object was made: by Crossplane, or by the provider itself. A uid says more
 * than a name, which a second composite can have as well.
 */
export function belongingOf({ composite }: Subject, object: KubeObject): Belonging {
  const { uid, name } = composite.metadata;
  if (isOwnedBy(object, uid)) return 'Ours';
  const made = compositeUidOf(object);
  if (made !== undefined) return made === uid ? 'Ours' : 'Theirs';
  const named = object.metadata.labels?.[COMPOSITE_LABEL];
  if (named === undefined) return 'Unknown';
  return named === name ? 'Ours' : 'Theirs';
}

/** isOf tells whether an object was made for the subject. */
export function isOf(subject: Subject, object: KubeObject): boolean {
  return belongingOf(subject, object) === 'Ours';
}

/** Own is what of the objects of a cluster was made for the subject. */
export interface Own {
  readonly own: readonly KubeObject[];
  /** What nothing says that it was, nor that it was not. */
  readonly unsure: readonly KubeObject[];
}

/**
 * ownOf sorts the objects that bear the name of a cluster. Most of them are made by Cluster API and bear no
 * mark, so they go with their Cluster; without one, with whatever bears a mark. A Cluster that came back in
 * a pivot bears none either.
 */
export function ownOf(
  subject: Subject,
  objects: readonly KubeObject[],
  cluster: KubeObject | undefined,
): Own {
  function of(belonging: Belonging): readonly KubeObject[] {
    return objects.filter((object) => belongingOf(subject, object) === belonging);
  }
  const [own, theirs, unknown] = [of('Ours'), of('Theirs'), of('Unknown')];
  const root = cluster === undefined ? undefined : belongingOf(subject, cluster);
  const ours = root === 'Ours' || (root === undefined && theirs.length === 0 && own.length > 0);
  if (ours) return { own: [...own, ...unknown], unsure: [] };
  const strange = root === 'Theirs' || (root === undefined && theirs.length > 0);
  return { own, unsure: strange ? [] : unknown };
}

/** escrowed names the cluster of a subject, and whose it is. */
export function escrowed({ composite, cluster }: Subject): EscrowRef {
  const { uid } = composite.metadata;
  return { ...cluster, ...(uid === undefined ? {} : { composite: uid }) };
}

/** unlessTheirs is an object, unless it was made for another composite. */
export function unlessTheirs(
  subject: Subject,
  object: KubeObject | undefined,
): KubeObject | undefined {
  return object !== undefined && belongingOf(subject, object) === 'Theirs' ? undefined : object;
}

/** compositeUidOf is the uid of the composite that an object was made for; undefined when it does not say. */
export function compositeUidOf(object: KubeObject | undefined): string | undefined {
  if (object === undefined) return undefined;
  const stamp = object.metadata.annotations?.[COMPOSITE_UID_ANNOTATION];
  return stamp ?? ownersOf(object).find(isComposite)?.uid;
}

/** stampOf is the annotation by which {@link compositeUidOf} finds the composite again. */
export function stampOf(uid: string | undefined): Readonly<Record<string, string>> {
  return uid === undefined ? {} : { [COMPOSITE_UID_ANNOTATION]: uid };
}

function isComposite({ apiVersion, kind }: OwnerReference): boolean {
  return compositeTypes.some((type) => type.apiVersion === apiVersion && type.kind === kind);
}
