import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type KubeObject, isRecord } from '../../lib/core/object.ts';
import { shapeMistakes } from '../../lib/apis/schema/defaults.ts';
import type { Schema } from '../../lib/apis/schema/schema.ts';
import { productRoot } from '../../lib/program/product-files.ts';
import { objectsIn } from './render-case.ts';

/** Fields that Crossplane adds to the schema of every composite (crossplane-runtime pkg/xcrd). */
const MACHINERY = ['claimRef', 'resourceRefs', 'crossplane', 'claimConditionTypes', 'conditions'];

/**
 * What a server-side apply of an object of ours would be refused for: fields that the schema in xrds/
 * or package/crds/ does not declare ("field not declared in schema"), missing and mistyped ones.
 * Objects of other kinds have none. `spec` is left out where it is absent, as in a status.
 */
export function schemaMistakes(object: KubeObject): readonly string[] {
  const { apiVersion, kind, metadata: _metadata, ...rest } = object;
  const schema = SCHEMAS.get(`${apiVersion} ${kind}`);
  if (schema === undefined) return [];
  return Object.entries(rest).flatMap(([field, value]) => {
    const below = schema.properties?.[field];
    if (below === undefined) return [`${kind}.${field} is not declared`];
    const path = `${kind}.${field}`;
    return [...shapeMistakes(value, below, path), ...undeclared(value, below, path)];
  });
}

function undeclared(value: unknown, schema: Schema, path: string): readonly string[] {
  const { items, properties = {}, additionalProperties } = schema;
  if (Array.isArray(value)) {
    return value.flatMap((entry, index) => undeclared(entry, items ?? {}, `${path}[${index}]`));
  }
  if (!isRecord(value) || 'x-kubernetes-preserve-unknown-fields' in schema) return [];
  return Object.entries(value).flatMap(([field, entry]) => {
    const below = properties[field] ?? additionalProperties;
    if (below !== undefined) return undeclared(entry, below, `${path}.${field}`);
    return MACHINERY.includes(field) ? [] : [`${path}.${field} is not declared`];
  });
}

interface Definition {
  readonly group: string;
  readonly names: { readonly kind: string };
  readonly versions: readonly {
    readonly name: string;
    readonly schema: { readonly openAPIV3Schema: Schema };
  }[];
}

const SCHEMAS: ReadonlyMap<string, Schema> = new Map(
  ['xrds', 'package/crds'].flatMap((folder) => {
    const path = join(productRoot(), folder);
    return readdirSync(path).flatMap((file) =>
      objectsIn(join(path, file)).flatMap((object) => schemasIn(object['spec'] as Definition)),
    );
  }),
);

function schemasIn({ group, names, versions }: Definition): readonly (readonly [string, Schema])[] {
  return versions.map(({ name, schema }) => [
    `${group}/${name} ${names.kind}`,
    schema.openAPIV3Schema,
  ]);
}
