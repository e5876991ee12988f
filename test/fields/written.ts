import { isRecord } from '../../lib/core/object.ts';
import type { Schema } from '../../lib/apis/schema/schema.ts';
import { leavesOf, valuesAt, type Leaf } from './leaves.ts';

/** Its entries are of the form that Kubernetes prescribes; which types there are is for the schema to say. */
const CONDITIONS = 'conditions';

/**
 * unwritten are the fields of a status that stand in none of the given ones, the values of enumerations
 * that no field has (`owner="Moving"`), and the types of conditions that the schema names and none has
 * (`conditions[Ready]`).
 */
export function unwritten(schema: Schema, statuses: readonly unknown[]): readonly string[] {
  const leaves = leavesOf(schema).flatMap((leaf) => {
    const values = statuses.flatMap((status) => valuesAt(status, leaf.steps));
    return values.length === 0 ? [leaf.name] : missingValues(leaf, values);
  });
  const types = typesIn(statuses);
  const conditions = namedTypes(schema).filter((type) => !types.has(type));
  return [...leaves, ...conditions.map((type) => `${CONDITIONS}[${type}]`)];
}

/** unnamed are the types of conditions that stand in a status, but not in its schema. */
export function unnamed(schema: Schema, statuses: readonly unknown[]): readonly string[] {
  const named = namedTypes(schema);
  return [...typesIn(statuses)].filter((type) => !named.includes(type)).toSorted();
}

function missingValues({ name, steps, schema }: Leaf, values: readonly unknown[]): string[] {
  const { enum: known = [] } = schema;
  if (steps[0] === CONDITIONS) return [];
  return known
    .filter((value) => !values.includes(value))
    .map((value) => `${name}=${JSON.stringify(value)}`);
}

/** The description lists them: those of ours first, then, behind a semicolon, those that others write. */
function namedTypes({ properties }: Schema): readonly string[] {
  const [own = ''] = (properties?.[CONDITIONS]?.description ?? '').split(/[;.]/);
  return own.split(', ').filter((type) => type !== '');
}

function typesIn(statuses: readonly unknown[]): ReadonlySet<string> {
  const conditions = statuses.flatMap((status) => (isRecord(status) ? status[CONDITIONS] : []));
  return new Set(conditions.flatMap((one) => (isRecord(one) ? String(one['type']) : [])));
}
