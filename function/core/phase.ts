import type { Facts } from './facts.ts';

/** PHASES are in order; each has the predicate that ends it (DESIGN 1). */
const PHASES = [
  { name: 'Provisioning', over: ({ waitsAtG1 }: Facts) => waitsAtG1 === undefined },
  { name: 'InstallingAgent', over: ({ waitsAtG2 }: Facts) => waitsAtG2 === undefined },
  { name: 'Pivoting', over: ({ handedOver }: Facts) => handedOver },
  { name: 'SelfManaged', over: () => false },
] as const;

/** Phase is a phase of the cluster lifecycle. */
export type Phase = (typeof PHASES)[number]['name'];

/** PHASE_NAMES are all phases, in order. */
export const PHASE_NAMES: readonly Phase[] = PHASES.map(({ name }) => name);

/**
 * phaseOf returns the first phase that is not over. After the commit the gates count as passed, because
 * the commit is never reverted.
 */
export function phaseOf(facts: Facts): Phase {
  return PHASES.find(({ over }) => !over(facts))?.name ?? 'SelfManaged';
}

/** hasReached reports whether a phase is the given one or a later one. */
export function hasReached(phase: Phase, goal: Phase): boolean {
  return PHASE_NAMES.indexOf(phase) >= PHASE_NAMES.indexOf(goal);
}
