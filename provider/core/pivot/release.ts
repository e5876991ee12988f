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
 * foreignControllers returns the controllers of the objects that do not move with them: the composite, of
 * which there must be at most one. The anchor of an earlier release does not count.
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

/** released returns the objects as they are once only objects of the cluster control them. */
export function released(objects: readonly KubeObject[]): readonly KubeObject[] {
  const moved = new Set(objects.map(uidOf));
  return objects.map((object) => {
    const owners = ownersOf(object).filter(({ uid }) => moved.has(uid));
    return withOwners(object, owners);
  });
}

/**
 * anchorOf returns the ConfigMap that controls released objects; it has no owner (facts/crossplane-runs.md
 * 4).
 */
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
      about: `Controls the objects of cluster ${cluster} while they are handed over, so that nothing else can delete them. It is deleted automatically.`,
    },
  };
}

/** controlledBy returns the objects that an owner controls. */
export function controlledBy(
  objects: readonly KubeObject[],
  owner: { readonly uid: string },
): readonly KubeObject[] {
  return objects.filter((object) => isControlledBy(object, owner.uid));
}

/** anchorReference returns the controller reference to an existing anchor. */
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

/** swapPatch replaces one owner with another, if the object has not changed since it was read. */
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
