import { AGENT_NAME } from '../../../lib/apis/agent.ts';
import { SOURCE_UID_ANNOTATION } from '../../../lib/apis/ownership.ts';
import type { KubeObject, ManagedFieldsEntry, OwnerReference } from '../../../lib/core/object.ts';
import { uidOf } from './identity.ts';
import { ownersOf } from '../../../lib/core/owners.ts';

/**
 * Uids maps the uid of an object on the source to its uid on the target; undefined for an object that does
 * not move.
 */
export type Uids = (sourceUid: string) => string | undefined;

/** Finalizers of the garbage collector: they only concern the deletion on the source. */
const COLLECTOR = ['foregroundDeletion', 'orphan'];

/** The field manager that Crossplane core uses for composed resources (facts/crossplane.md A.4). */
const COMPOSED_MANAGER = 'apiextensions.crossplane.io/composed';

/**
 * copyForm returns an object as it is created on the target: without server-generated metadata, status, and
 * the labels and annotations that link it to Crossplane (facts/crossplane.md A.4). Owners that do not move
 * are left out: their uids do not exist on the target, and the garbage collector would delete the
 * dependents.
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

/** hasManagers reports whether a copy already has the wanted field managers. */
export function hasManagers(copy: KubeObject, wanted: readonly ManagedFieldsEntry[]): boolean {
  const known = copy.metadata.managedFields ?? [];
  return wanted
    .filter(({ operation }) => operation === 'Apply')
    .every(({ manager }) =>
      known.some((entry) => entry.manager === manager && entry.operation === 'Apply'),
    );
}

/**
 * restoredManagers returns the managedFields for a copy, so that a manager that applied fields on the
 * source still owns them on the target and can remove them there (facts/capi.md 1.4, #7473). Fields that
 * Crossplane applied are assigned to the agent. Undefined for objects without applied fields: there is
 * nothing to restore.
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
