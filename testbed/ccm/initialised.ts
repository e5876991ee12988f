import type { JsonObject } from '../../lib/core/object.ts';

/** UNINITIALIZED is the taint of a Node whose kubelet uses an external cloud provider. */
export const UNINITIALIZED = 'node.cloudprovider.kubernetes.io/uninitialized';

/** providerIdOf is the providerID of a pretended machine (CAPI v1.14 inmemorymachine_backend.go). */
export function providerIdOf(machine: string): string {
  return `in-memory://${machine}`;
}

/** initialised is the merge patch that initializes a Node; undefined when it is initialized already. */
export function initialised(
  name: string,
  { providerID, taints }: Readonly<Record<string, unknown>>,
): JsonObject | undefined {
  const there = Array.isArray(taints) ? (taints as readonly { readonly key: string }[]) : [];
  const left = there.filter(({ key }) => key !== UNINITIALIZED);
  if (left.length === there.length) return undefined;
  const id = typeof providerID === 'string' && providerID !== '' ? providerID : providerIdOf(name);
  return { spec: { providerID: id, taints: left.map((taint) => ({ ...taint })) } };
}
