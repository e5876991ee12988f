import { compositeUidOf } from '../../../lib/apis/composed.ts';
import { COMPOSITE_UID_ANNOTATION } from '../../../lib/apis/ownership.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { isOwnedBy } from '../../../lib/core/owners.ts';
import type { EscrowRef } from '../escrow/escrow-set.ts';
import { COMPOSITE_LABEL, type Subject } from './subject.ts';

/** Belonging says which composite an object was created for; Unknown if nothing on the object says so. */
export type Belonging = 'Ours' | 'Theirs' | 'Unknown';

/**
 * belongingOf determines which composite an object was created for, by Crossplane or by this provider. A
 * uid takes precedence over a name, because another composite can have the same name.
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

/** isOf reports whether an object was created for the subject. */
export function isOf(subject: Subject, object: KubeObject): boolean {
  return belongingOf(subject, object) === 'Ours';
}

/** Own groups the objects of a cluster by whether they were created for the subject. */
export interface Own {
  readonly own: readonly KubeObject[];
  /** Objects without evidence either way. */
  readonly unsure: readonly KubeObject[];
}

/**
 * ownOf sorts the objects that have the name of a cluster. Most of them were created by Cluster API and
 * carry no mark, so they belong to whoever their Cluster belongs to, or, without a Cluster, to whoever the
 * marked objects belong to. A Cluster that a pivot moved back carries no mark either.
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

/** escrowed returns the reference to the escrow of a subject. */
export function escrowed({ composite, cluster }: Subject): EscrowRef {
  const { uid } = composite.metadata;
  return { ...cluster, ...(uid === undefined ? {} : { composite: uid }) };
}

/** unlessTheirs returns an object, unless it was created for another composite. */
export function unlessTheirs(
  subject: Subject,
  object: KubeObject | undefined,
): KubeObject | undefined {
  return object !== undefined && belongingOf(subject, object) === 'Theirs' ? undefined : object;
}

/** stampOf returns the annotation that {@link compositeUidOf} reads. */
export function stampOf(uid: string | undefined): Readonly<Record<string, string>> {
  return uid === undefined ? {} : { [COMPOSITE_UID_ANNOTATION]: uid };
}

/**
 * ownerMark returns the stamp for an object that Crossplane composes: Kubernetes removes its owner reference when the
 * composite is deleted with propagation policy Orphan, and then nothing else says for whom it was made.
 */
export function ownerMark(object: KubeObject): Readonly<Record<string, string>> {
  return stampOf(compositeUidOf(object));
}
