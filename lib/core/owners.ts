import type { KubeObject, OwnerReference } from './object.ts';

type Owned = Pick<KubeObject, 'metadata'>;

/** ownersOf returns the owner references of an object; empty if there are none. */
export function ownersOf({ metadata }: Owned): readonly OwnerReference[] {
  return metadata.ownerReferences ?? [];
}

/** isOwnedBy reports whether an object has an owner reference with a uid. */
export function isOwnedBy(object: Owned, uid: string | undefined): boolean {
  return uid !== undefined && ownersOf(object).some((owner) => owner.uid === uid);
}

/**
 * isControlledBy reports whether the object with a uid is the controller of an object
 * (`metav1.IsControlledBy`).
 */
export function isControlledBy(object: Owned, uid: string | undefined): boolean {
  return ownersOf(object).some(
    (owner) => uid !== undefined && owner.uid === uid && owner.controller === true,
  );
}

/** withOwners returns the object with other owner references; without the field if there are none. */
export function withOwners(object: KubeObject, owners: readonly OwnerReference[]): KubeObject {
  const { ownerReferences: _all, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: owners.length === 0 ? metadata : { ...metadata, ownerReferences: owners },
  };
}
