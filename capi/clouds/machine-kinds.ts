import type { InfrastructureKind } from '../cloud.ts';

/** MachineFields are fields of the spec of an infrastructure machine, without `spec.`. */
export interface MachineFields {
  readonly pinned: readonly string[];
  readonly bounded: readonly string[];
  readonly identity: readonly string[];
}

/** machineKinds returns the machine and the machine template of a provider, whose kinds have its prefix. */
export function machineKinds(
  prefix: string,
  { pinned, bounded, identity }: MachineFields,
): Readonly<Record<string, InfrastructureKind>> {
  return {
    [`${prefix}Machine`]: {
      ownedBy: ['Machine'],
      pinned: pinned.map((field) => `spec.${field}`),
      bounded: bounded.map((field) => `spec.${field}`),
      identity: identity.map((field) => `spec.${field}`),
    },
    [`${prefix}MachineTemplate`]: {
      ownedBy: ['Cluster'],
      pinned: pinned.map((field) => `spec.template.spec.${field}`),
      bounded: bounded.map((field) => `spec.template.spec.${field}`),
    },
  };
}
