import type { Cloud, ClusterInput } from '../cloud.ts';
import { aws } from './aws.ts';
import { docker } from './docker.ts';
import { gcp } from './gcp.ts';
import { vsphere } from './vsphere.ts';

/** clouds maps the name in `spec.cloud.provider` to what is known about that cloud. */
export const clouds = { docker, vsphere, aws, gcp } as const satisfies Record<string, Cloud>;

/** cloudOf is the cloud that a claim names. */
export function cloudOf({ spec }: ClusterInput): Cloud {
  return clouds[spec.cloud.provider];
}

/** cloudNamed is the cloud of a name; undefined when there is no name, or this version does not know it. */
export function cloudNamed(name: unknown): Cloud | undefined {
  return Object.entries(clouds).find(([known]) => known === name)?.[1];
}
