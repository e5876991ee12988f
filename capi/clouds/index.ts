import type { Cloud, ClusterInput, InfrastructureKind } from '../cloud.ts';
import { aws } from './aws.ts';
import { docker } from './docker.ts';
import { gcp } from './gcp.ts';
import { vsphere } from './vsphere.ts';

/** clouds maps `spec.cloud.provider` to the implementation of that cloud. */
export const clouds = { docker, vsphere, aws, gcp } as const satisfies Record<string, Cloud>;

/** cloudOf returns the cloud of a claim. */
export function cloudOf({ spec }: ClusterInput): Cloud {
  return clouds[spec.cloud.provider];
}

/** cloudNamed returns the cloud with a name; undefined if there is no name, or this version does not know it. */
export function cloudNamed(name: unknown): Cloud | undefined {
  return Object.entries(clouds).find(([known]) => known === name)?.[1];
}

/** infrastructureKindNamed returns what is known of a kind of an infrastructure provider; undefined if nothing is. */
export function infrastructureKindNamed(kind: string): InfrastructureKind | undefined {
  const known = Object.values(clouds).flatMap(({ infrastructureKinds }) =>
    Object.entries<InfrastructureKind>(infrastructureKinds),
  );
  return known.find(([name]) => name === kind)?.[1];
}
