import { nameByContent } from '../lib/core/names.ts';
import type { JsonObject } from '../lib/core/object.ts';
import { prune } from '../lib/core/prune.ts';
import type { ClusterInput, Kind, Role } from './cloud.ts';
import { cloudOf } from './clouds/index.ts';
import type { Manifest } from './manifest.ts';
import { clusterLabels, poolLabels } from './labels.ts';
import { roleName } from './object-names.ts';
import { overridden } from './overrides.ts';

/** Template is a machine or bootstrap template with its name. */
export type Template = Manifest & { readonly metadata: { readonly name: string } };

/**
 * template returns a machine or bootstrap template. Providers refuse changes to a template
 * (facts/providers.md 18), so its name ends with the hash of its content: a change creates a new template.
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

/** machineTemplate returns the machine template of a role. */
export function machineTemplate(input: ClusterInput, role: Role): Template {
  const cloud = cloudOf(input);
  const spec = prune(cloud.machineSpec(input, role), cloud.meaningfulEmpties);
  return template(input, cloud.machineTemplate, role, spec);
}

function templateName(input: ClusterInput, role: Role, { spec }: Manifest): string {
  // The hash includes the names, so that two clusters never share a template.
  const content = { cluster: input.name, role: roleName(role), spec };
  return nameByContent(content, input.name, roleName(role));
}
