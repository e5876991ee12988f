import { prune } from '../lib/core/prune.ts';
import type { ClusterInput, Role } from './cloud.ts';
import { cloudOf } from './clouds/index.ts';
import { template, type Template } from './template.ts';

/** machineTemplate is what the cloud makes the machines of a role from. */
export function machineTemplate(input: ClusterInput, role: Role): Template {
  const cloud = cloudOf(input);
  const spec = prune(cloud.machineSpec(input, role), cloud.meaningfulEmpties);
  return template(input, cloud.machineTemplate, role, spec);
}
