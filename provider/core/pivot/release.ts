import {
  ANCHOR_FINALIZER,
  anchorName,
  CLUSTER_LABEL,
  HOLD_LABEL,
} from '../../../lib/apis/ownership.ts';
import type { KubeObject, OwnerReference } from '../../../lib/core/object.ts';
import { isControlledBy, withOwners, ownersOf } from '../../../lib/core/owners.ts';
import type { EscrowRef } from '../escrow/escrow-set.ts';
import { stampOf } from '../teardown/belonging.ts';
import { uidOf } from './identity.ts';
import type { Changes } from './ownership.ts';

/**
 * foreignControllers are the controllers of objects that do not move with them: the composite, of which
 * there must be one at most. The anchor of an earlier release is none.
 */
export function foreignControllers(
  cluster: string,
  objects: readonly KubeObject[],
): readonly OwnerReference[] {
  const moved = new Set(objects.map(uidOf));
  const found = objects
    .flatMap((object) => ownersOf(object))
    .filter((owner) => owner.controller === true && !moved.has(owner.uid))
    .filter((owner) => !isAnchor(cluster, owner));
  return [...new Map(found.map((owner) => [owner.uid, owner])).values()];
}

/** released are the objects as they will be when none but the cluster itself controls them. */
export function released(objects: readonly KubeObject[]): readonly KubeObject[] {
  const moved = new Set(objects.map(uidOf));
  return objects.map((object) => {
    const owners = ownersOf(object).filter(({ uid }) => moved.has(uid));
    return withOwners(object, owners);
  });
}

/** anchorOf is the ConfigMap that controls released objects; nothing owns it (facts/crossplane-runs.md 4). */
export function anchorOf({ name: cluster, namespace, composite }: EscrowRef): KubeObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: anchorName(cluster),
      namespace,
      labels: { [CLUSTER_LABEL]: cluster, [HOLD_LABEL]: '' },
      ...(composite === undefined ? {} : { annotations: stampOf(composite) }),
      finalizers: [ANCHOR_FINALIZER],
    },
    data: {
      about: `Controls the objects of cluster ${cluster} while they are handed over, so that nothing else can delete them. It goes by itself.`,
    },
  };
}

/** controlledBy are the objects that an owner controls. */
export function controlledBy(
  objects: readonly KubeObject[],
  owner: { readonly uid: string },
): readonly KubeObject[] {
  return objects.filter((object) => isControlledBy(object, owner.uid));
}

/** anchorReference is the controller reference to an anchor that exists. */
export function anchorReference(anchor: KubeObject): OwnerReference {
  return {
    apiVersion: anchor.apiVersion,
    kind: anchor.kind,
    name: anchor.metadata.name ?? '',
    uid: uidOf(anchor),
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** swapPatch puts one owner in the place of another, if the object is still the one that was looked at. */
export function swapPatch(
  object: KubeObject,
  from: { readonly uid: string },
  to: OwnerReference,
): Changes {
  const owners = ownersOf(object).map((owner) => (owner.uid === from.uid ? to : owner));
  return [
    { op: 'test', path: '/metadata/resourceVersion', value: object.metadata.resourceVersion ?? '' },
    {
      op: 'replace',
      path: '/metadata/ownerReferences',
      value: owners.map((owner) => ({ ...owner })),
    },
  ];
}

function isAnchor(cluster: string, { kind, name }: OwnerReference): boolean {
  return kind === 'ConfigMap' && name === anchorName(cluster);
}
