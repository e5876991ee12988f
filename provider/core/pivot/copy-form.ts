import { AGENT_NAME } from '../../../lib/apis/agent.ts';
import { SOURCE_UID_ANNOTATION } from '../../../lib/apis/ownership.ts';
import type { KubeObject, ManagedFieldsEntry, OwnerReference } from '../../../lib/core/object.ts';
import { uidOf } from './identity.ts';
import { ownersOf } from '../../../lib/core/owners.ts';

/** Uids tells the uid that an object of the source has on the target; undefined for one that doesn't move. */
export type Uids = (sourceUid: string) => string | undefined;

/** Finalizers that the garbage collector sets while it deletes: they speak about the source only. */
const COLLECTOR = ['foregroundDeletion', 'orphan'];

/** Manager under which Crossplane core applies composed resources (facts/crossplane.md A.4). */
const COMPOSED_MANAGER = 'apiextensions.crossplane.io/composed';

/**
 * copyForm is an object as it is made on the target: all of it but what a server counts, status, and
 * what ties it to Crossplane (facts/crossplane.md A.4). Owners that don't move are left out: their uids
 * mean nothing there, and the garbage collector would delete what they own.
 */
export function copyForm(object: KubeObject, uids: Uids): KubeObject {
  const { status: _status, metadata, ...content } = object;
  const { name, namespace, labels, annotations, finalizers } = metadata;
  const owners = copiedOwners(object, uids);
  const kept = finalizers?.filter((finalizer) => !COLLECTOR.includes(finalizer)) ?? [];
  return {
    ...content,
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels: withoutCrossplane(labels) }),
      annotations: {
        ...withoutCrossplane(annotations ?? {}),
        [SOURCE_UID_ANNOTATION]: uidOf(object),
      },
      ...(kept.length === 0 ? {} : { finalizers: kept }),
      ...(owners.length === 0 ? {} : { ownerReferences: owners }),
    },
  };
}

function copiedOwners(object: KubeObject, uids: Uids): readonly OwnerReference[] {
  return ownersOf(object).flatMap((owner) => {
    const uid = uids(owner.uid);
    return uid === undefined ? [] : [{ ...owner, uid }];
  });
}

function withoutCrossplane(
  entries: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(entries).filter(([key]) => !/^([a-z0-9.-]+\.)?crossplane\.io\//.test(key)),
  );
}

/** hasManagers tells whether those who applied an object are known as such on a copy. */
export function hasManagers(copy: KubeObject, wanted: readonly ManagedFieldsEntry[]): boolean {
  const known = copy.metadata.managedFields ?? [];
  return wanted
    .filter(({ operation }) => operation === 'Apply')
    .every(({ manager }) =>
      known.some((entry) => entry.manager === manager && entry.operation === 'Apply'),
    );
}

/**
 * restoredManagers are the managedFields that a copy gets, so that whoever applied fields on the source
 * still owns them on the target and can remove them there (facts/capi.md 1.4, #7473). What Crossplane
 * applied passes to the agent. Undefined for objects that nobody applied: they need no restoring.
 */
export function restoredManagers(object: KubeObject): readonly ManagedFieldsEntry[] | undefined {
  const entries = object.metadata.managedFields ?? [];
  if (!entries.some(({ operation }) => operation === 'Apply')) return undefined;
  return entries
    .filter(({ subresource }) => subresource === undefined)
    .map((entry) =>
      entry.manager?.startsWith(COMPOSED_MANAGER) === true
        ? { ...entry, manager: AGENT_NAME }
        : entry,
    );
}
