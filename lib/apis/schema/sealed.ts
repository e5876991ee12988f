import type { Rule, Schema } from './schema.ts';

/**
 * sealed completes the immutable fields of a schema. The API server does not evaluate a transition rule
 * of a field when the field is added or removed (Kubernetes: Transition rules). For each optional
 * immutable field, sealed therefore adds a rule to the parent that the field is neither added nor removed.
 */
export function sealed(schema: Schema): Schema {
  const properties = Object.entries(schema.properties ?? {}).map(
    ([name, value]) => [name, sealed(value)] as const,
  );
  const presence = properties.flatMap(([name, value]) => {
    const rule = immutability(value);
    const always = schema.required?.includes(name) === true || value.default !== undefined;
    return rule === undefined || always ? [] : [{ ...rule, rule: stays(name) }];
  });
  const rules = [...(schema['x-kubernetes-validations'] ?? []), ...presence];
  return {
    ...schema,
    ...(properties.length === 0 ? {} : { properties: Object.fromEntries(properties) }),
    ...(schema.items === undefined ? {} : { items: sealed(schema.items) }),
    ...(rules.length === 0 ? {} : { 'x-kubernetes-validations': rules }),
  };
}

function immutability(schema: Schema): Rule | undefined {
  return schema['x-kubernetes-validations']?.find(({ rule }) => rule === 'self == oldSelf');
}

function stays(name: string): string {
  return `has(self.${name}) == has(oldSelf.${name})`;
}
