import { isRecord } from '../../core/object.ts';
import { compareText } from '../../core/order.ts';
import type { Schema } from './schema.ts';

/**
 * withDefaults fills in the defaults of a schema as the API server does (structural defaulting: a
 * default applies if the field is absent and its parent exists, level by level; null counts as absent
 * except in free-form content). A composite from the API server has its defaults already, one from
 * `crossplane render` does not. Fields are returned in the order of the schema, all others by name:
 * Crossplane sends them in random order, which must not change the output.
 */
export function withDefaults(value: unknown, schema: Schema): unknown {
  if (Array.isArray(value)) {
    const { items = {} } = schema;
    return value.map((entry: unknown) => withDefaults(entry, items));
  }
  if (!isRecord(value)) return value;
  const { properties = {}, additionalProperties } = schema;
  const fields: [string, unknown][] = [];
  for (const [field, below] of Object.entries(properties)) addField(fields, field, value, below);
  for (const field of Object.keys(value).toSorted(compareText)) {
    if (Object.hasOwn(properties, field)) continue;
    if (additionalProperties === undefined) fields.push([field, withDefaults(value[field], {})]);
    else addField(fields, field, value, additionalProperties);
  }
  return Object.fromEntries(fields);
}

/** Called for every field of the claim and the profiles in every call, so it allocates no list. */
function addField(
  fields: [string, unknown][],
  field: string,
  value: Readonly<Record<string, unknown>>,
  below: Schema,
): void {
  const present = value[field] ?? below.default;
  if (present !== undefined && present !== null) fields.push([field, withDefaults(present, below)]);
}

/**
 * shapeMistakes returns where a value does not match the schema: a required field is missing, or a value
 * has another type or is not in the enum. The API server refuses such values, but `crossplane render`
 * does not check them. CEL rules are left to the API server.
 */
export function shapeMistakes(value: unknown, schema: Schema, path: string): readonly string[] {
  if (!hasType(value, schema)) return [`${path} must be of type ${schema.type}`];
  if (schema.enum !== undefined && !schema.enum.some((allowed) => allowed === value)) {
    return [
      `${path} must be one of ${schema.enum.map((allowed) => JSON.stringify(allowed)).join(', ')}`,
    ];
  }
  if (Array.isArray(value)) {
    const { items = {} } = schema;
    return value.flatMap((entry: unknown, index) =>
      shapeMistakes(entry, items, `${path}[${index}]`),
    );
  }
  return isRecord(value) ? fieldMistakes(value, schema, path) : [];
}

function fieldMistakes(
  value: Readonly<Record<string, unknown>>,
  schema: Schema,
  path: string,
): readonly string[] {
  return [
    ...(schema.required ?? [])
      .filter((field) => value[field] === undefined)
      .map((field) => `${path}.${field} is required`),
    ...Object.entries(value).flatMap(([field, entry]) => {
      const below = schemaOf(field, schema);
      return below === undefined ? [] : shapeMistakes(entry, below, `${path}.${field}`);
    }),
  ];
}

function schemaOf(field: string, { properties = {}, additionalProperties }: Schema) {
  return Object.hasOwn(properties, field) ? properties[field] : additionalProperties;
}

function hasType(value: unknown, { type }: Schema): boolean {
  if (type === undefined) return true;
  if (type === 'object') return isRecord(value);
  if (type === 'array') return Array.isArray(value);
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}
