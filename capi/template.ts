import { nameByContent } from '../lib/core/names.ts';
import type { JsonObject } from '../lib/core/object.ts';
import type { ClusterInput, Kind, Role } from './cloud.ts';
import type { Draft } from './draft.ts';
import { clusterLabels, poolLabels } from './labels.ts';
import { roleName } from './object-names.ts';
import { overridden } from './overrides.ts';

/** Template is a machine or bootstrap template with its name. */
export type Template = Draft & { readonly metadata: { readonly name: string } };

/**
 * template is a machine or bootstrap template. Providers refuse every change of one
 * (facts/providers.md 18), so its name ends with the hash of its content: a change is a new template.
 */
export function template(
  input: ClusterInput,
  kind: Kind,
  role: Role,
  machineSpec: JsonObject,
): Template {
  const pool = role.kind === 'Worker' ? role.pool : undefined;
  const labels = pool === undefined ? clusterLabels(input) : poolLabels(input, pool);
  const unnamed = overridden(
    input,
    {
      ...kind,
      metadata: { namespace: input.namespace, labels },
      spec: { template: { spec: machineSpec } },
    },
    pool,
  );
  const name = templateName(input, role, unnamed);
  return { ...unnamed, metadata: { name, ...unnamed.metadata } };
}

function templateName(input: ClusterInput, role: Role, { spec }: Draft): string {
  // The names are part of the content, so that two clusters never share a template.
  const content = { cluster: input.name, role: roleName(role), spec };
  return nameByContent(content, input.name, roleName(role));
}
