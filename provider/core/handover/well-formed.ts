import {
  isRecord,
  type KubeObject,
  type ManagedFieldsEntry,
  type OwnerReference,
} from '../../../lib/core/object.ts';

/**
 * wellFormed returns the objects of a server that nobody vouches for with metadata of the right types: what is not
 * an object is left out, what is not a text in labels, annotations, finalizers and owner references too.
 */
export function wellFormed(objects: readonly unknown[]): readonly KubeObject[] {
  return objects.flatMap((object) => {
    if (!isRecord(object) || !isRecord(object['metadata'])) return [];
    const { apiVersion, kind, metadata, ...content } = object;
    if (typeof apiVersion !== 'string' || typeof kind !== 'string') return [];
    return [{ ...content, apiVersion, kind, metadata: metadataOf(metadata) }];
  });
}

const TEXTS = ['name', 'namespace', 'uid', 'resourceVersion', 'deletionTimestamp'];

function metadataOf(metadata: Readonly<Record<string, unknown>>): KubeObject['metadata'] {
  const { labels, annotations, finalizers, ownerReferences, managedFields, generation } = metadata;
  const texts = TEXTS.flatMap((field): readonly (readonly [string, string])[] => {
    const value = metadata[field];
    return typeof value === 'string' ? [[field, value]] : [];
  });
  return {
    ...Object.fromEntries(texts),
    ...(typeof generation === 'number' ? { generation } : {}),
    ...(labels === undefined ? {} : { labels: textsIn(labels) }),
    ...(annotations === undefined ? {} : { annotations: textsIn(annotations) }),
    ...(Array.isArray(finalizers) ? { finalizers: finalizers.filter(isText) } : {}),
    ...(Array.isArray(ownerReferences) ? { ownerReferences: ownerReferences.filter(isOwner) } : {}),
    ...(Array.isArray(managedFields) ? { managedFields: managedFields.filter(isManager) } : {}),
  };
}

function textsIn(value: unknown): Readonly<Record<string, string>> {
  const entries = isRecord(value) ? Object.entries(value) : [];
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => isText(entry[1])));
}

function isOwner(value: unknown): value is OwnerReference {
  return (
    isRecord(value) && ['apiVersion', 'kind', 'name', 'uid'].every((field) => isText(value[field]))
  );
}

function isManager(value: unknown): value is ManagedFieldsEntry {
  return isRecord(value) && isText(value['manager']);
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}
