import { type KubeObject, isRecord } from './object.ts';

/**
 * appliedFields returns the part of an object that a server-side apply manager last applied, rebuilt from
 * its managedFields entry (`fieldsV1` of structured-merge-diff: `f:` a field, `k:` a list entry by its
 * keys, `v:` a set entry by its value). Applying the result again changes nothing.
 *
 * Undefined if no manager with that prefix has applied the object.
 */
export function appliedFields(object: KubeObject, managerPrefix: string): KubeObject | undefined {
  // A server that is not kube-apiserver may send anything here.
  const listed: readonly unknown[] = object.metadata.managedFields ?? [];
  const entries = listed.filter(isRecord<unknown>);
  const entry = entries.find(
    ({ manager, operation, subresource }) =>
      typeof manager === 'string' &&
      manager.startsWith(managerPrefix) &&
      operation === 'Apply' &&
      subresource === undefined,
  );
  if (entry === undefined || !isRecord(entry['fieldsV1'])) return undefined;
  const { apiVersion, kind, metadata } = object;
  const others = entries.filter((other) => other !== entry).map((other) => other['fieldsV1']);
  const picked = pick(object, { own: entry['fieldsV1'], others });
  const own = isRecord(picked) ? picked : {};
  const { name, namespace } = metadata;
  return {
    ...own,
    apiVersion,
    kind,
    metadata: {
      ...(isRecord(own['metadata']) ? own['metadata'] : {}),
      ...(name === undefined ? {} : { name }),
      ...(namespace === undefined ? {} : { namespace }),
    },
  };
}

/**
 * Owners holds the owned fields at one place of an object: those of the requested manager, and those of all
 * others.
 */
interface Owners {
  readonly own: unknown;
  readonly others: readonly unknown[];
}

/**
 * An entry without fields below it (besides `.`, the value itself) owns the whole value. A map or list that
 * was applied empty looks the same; fields that others own below it tell the two apart. Defaults have no
 * owner, so an empty map or list that contains only defaults is taken as a whole.
 */
function pick(value: unknown, owners: Owners): unknown {
  const below = fieldsBelow(owners.own);
  if (below.length === 0) {
    return owners.others.some((other) => fieldsBelow(other).length > 0) ? emptied(value) : value;
  }
  if (Array.isArray(value)) return pickEntries(value, owners, below);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    below
      .filter((key) => key.startsWith('f:') && value[key.slice(2)] !== undefined)
      .map((key) => [key.slice(2), pick(value[key.slice(2)], step(owners, key))]),
  );
}

function fieldsBelow(fields: unknown): readonly string[] {
  return isRecord(fields) ? Object.keys(fields).filter((key) => key !== '.') : [];
}

function emptied(value: unknown): unknown {
  if (Array.isArray(value)) return [];
  return isRecord(value) ? {} : value;
}

/** A key of an entry that is not owned was a default when it was applied, so it is left out. */
function pickEntries(
  list: readonly unknown[],
  owners: Owners,
  keys: readonly string[],
): readonly unknown[] {
  return list.flatMap((entry) => {
    const key = keys.find((candidate) => selects(candidate, entry));
    return key === undefined ? [] : [pick(entry, step(owners, key))];
  });
}

/** Keys and values are JSON as Go encodes it, which escapes more characters than JavaScript does. */
function selects(key: string, entry: unknown): boolean {
  if (!key.startsWith('k:') && !key.startsWith('v:')) return false;
  const wanted = jsonIn(key.slice(2));
  if (key.startsWith('v:')) return entry === wanted;
  return (
    isRecord(wanted) &&
    isRecord(entry) &&
    Object.entries(wanted).every(([name, value]) => entry[name] === value)
  );
}

function step({ own, others }: Owners, key: string): Owners {
  const below = others.flatMap((other) => child(other, key) ?? []);
  return { own: child(own, key), others: below };
}

function child(fields: unknown, key: string): unknown {
  return isRecord(fields) ? fields[key] : undefined;
}

/** Undefined, which no entry of a list is, if the text is no JSON. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
