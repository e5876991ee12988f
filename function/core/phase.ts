import type { Facts } from './facts.ts';

/** PHASES are in order; each has the fact that ends it (DESIGN 1). */
const PHASES = [
  { name: 'Provisioning', over: ({ waitsAtG1 }: Facts) => waitsAtG1 === undefined },
  { name: 'InstallingAgent', over: ({ waitsAtG2 }: Facts) => waitsAtG2 === undefined },
  { name: 'Pivoting', over: ({ handedOver }: Facts) => handedOver },
  { name: 'SelfManaged', over: () => false },
] as const;

/** Phase is where a cluster is on its way to managing itself. */
export type Phase = (typeof PHASES)[number]['name'];

/** PHASE_NAMES are all phases, in order. */
export const PHASE_NAMES: readonly Phase[] = PHASES.map(({ name }) => name);

/**
 * phaseOf is the first phase that is not over. The gates count as passed behind the commit, which
 * is a door that shuts behind the cluster.
 */
export function phaseOf(facts: Facts): Phase {
  return PHASES.find(({ over }) => !over(facts))?.name ?? 'SelfManaged';
}

/** hasReached tells whether a phase is the given one or a later one. */
export function hasReached(phase: Phase, goal: Phase): boolean {
  return PHASE_NAMES.indexOf(phase) >= PHASE_NAMES.indexOf(goal);
}
