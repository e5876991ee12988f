import { isRecord } from '../../core/object.ts';
import { compareText } from '../../core/order.ts';
import type { Schema } from './schema.ts';

/**
 * withDefaults fills in the defaults of a schema as the API server does (structural defaulting:
 * a default applies where the field is absent and its parent is there, then one level down; null is
 * absent, but in free-form content). A composite from the API server has them already; one from
 * `crossplane render` has not. Fields come out in the order of the schema, all others by name: in which
 * order Crossplane sends them is chance, and must not decide what is said of them.
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

/** The function does this to every field of claim and profiles in every call: no list is made for it. */
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
 * shapeMistakes are the places where a value has not the shape of the schema: a required field is
 * missing, a value is of another type or none of those allowed. The API server refuses them, but a
 * composite in `crossplane render` never met one. CEL rules are left to the API server.
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
