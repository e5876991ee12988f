import {
  type JsonObject,
  type KubeObject,
  type ManagedFieldsEntry,
  isRecord,
} from '../../lib/core/object.ts';

/** Fields of metadata that somebody owns; the API server owns the others. */
const OWNED = ['annotations', 'labels', 'finalizers', 'ownerReferences'];

/** What names an entry of a list that is a map; lists without it are owned as a whole. */
const LIST_KEYS = ['type', 'uid', 'name'];

const TIME = '2026-03-02T09:00:01Z';

/**
 * withManagedFields is an object with `metadata.managedFields` as an API server writes them after some
 * days: Crossplane applied it, a controller touched metadata and spec and wrote the status in two parts.
 */
export function withManagedFields(object: KubeObject): KubeObject {
  const { metadata, status, apiVersion, kind: _kind, ...rest } = object;
  const owned = Object.fromEntries(
    Object.entries(metadata).filter(([field]) => OWNED.includes(field)),
  );
  const { conditions, ...told } = isRecord(status) ? status : {};
  const entries = [
    entry('apiextensions.crossplane.io/composed/0f1e2d3c4b5a', 'Apply', {
      metadata: owned,
      ...rest,
    }),
    entry('manager', 'Update', { metadata: owned }),
    entry('manager', 'Update', { status: told }, 'status'),
    entry('manager', 'Apply', { status: { conditions } }, 'status'),
  ];
  const managedFields = entries.map((one) => ({
    apiVersion,
    fieldsType: 'FieldsV1',
    time: TIME,
    ...one,
  }));
  return { ...object, metadata: { ...metadata, managedFields } };
}

function entry(
  manager: string,
  operation: string,
  fields: object,
  subresource?: string,
): ManagedFieldsEntry {
  return {
    fieldsV1: fieldsOf(fields),
    manager,
    operation,
    ...(subresource === undefined ? {} : { subresource }),
  };
}

/** fieldsOf is a value in the form of FieldsV1: `f:` a field, `k:` an entry by its key, `.` itself. */
function fieldsOf(value: unknown): JsonObject {
  if (Array.isArray(value)) return entriesOf(value);
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, field]) => field !== undefined)
      .map(([name, field]) => [`f:${name}`, fieldsOf(field)]),
  );
}

function entriesOf(list: readonly unknown[]): JsonObject {
  const named = list.filter(isRecord).flatMap((one) => {
    const key = LIST_KEYS.find((name) => one[name] !== undefined);
    const own = { '.': {}, ...fieldsOf(one) };
    return key === undefined ? [] : [[`k:${JSON.stringify({ [key]: one[key] })}`, own] as const];
  });
  return named.length === 0 ? {} : { '.': {}, ...Object.fromEntries(named) };
}
