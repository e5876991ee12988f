import type { KubeObject, OwnerReference } from './object.ts';

type Owned = Pick<KubeObject, 'metadata'>;

/** ownersOf are the owner references of an object; none when there are none. */
export function ownersOf({ metadata }: Owned): readonly OwnerReference[] {
  return metadata.ownerReferences ?? [];
}

/** isOwnedBy tells whether an object goes with the object of a uid. */
export function isOwnedBy(object: Owned, uid: string | undefined): boolean {
  return uid !== undefined && ownersOf(object).some((owner) => owner.uid === uid);
}

/** isControlledBy tells whether the object of a uid is the controller of an object (`metav1.IsControlledBy`). */
export function isControlledBy(object: Owned, uid: string | undefined): boolean {
  return ownersOf(object).some(
    (owner) => uid !== undefined && owner.uid === uid && owner.controller === true,
  );
}

/** withOwners is an object with other owner references; the field is left out when there are none. */
export function withOwners(object: KubeObject, owners: readonly OwnerReference[]): KubeObject {
  const { ownerReferences: _all, ...metadata } = object.metadata;
  return {
    ...object,
    metadata: owners.length === 0 ? metadata : { ...metadata, ownerReferences: owners },
  };
}
