import type { Facts } from './facts.ts';
import { ownCondition, type Observed } from './observed.ts';
import type { Phase } from './phase.ts';
import type { Problem } from './problem.ts';

/** All is well, or only a change of the claim can help: changes come by watch. */
const SETTLED = 1800;
/** The agent has not reported everything yet; its reports come by watch. */
const REPORTING = 60;
/**
 * Cluster API changes its objects so often on the way that Crossplane's circuit breaker opens (seen in
 * most runs of the demo, core v2.3.4), and then drops events for minutes: the one that opens a gate may
 * be among them.
 */
const ON_THE_WAY = 20;
/** Something is awaited that nobody tells us of. */
const UNWATCHED = 10;

/** State is what has been decided so far. */
interface State {
  readonly phase: Phase;
  readonly operational: boolean;
  readonly problems: readonly Problem[];
}

/** ttlOf says when to look again though nothing has changed, in seconds. */
export function ttlOf(observed: Observed, facts: Facts, state: State): number {
  const { phase, operational, problems } = state;
  if (isUnwatched(observed, facts, problems)) return UNWATCHED;
  if (operational || problems.length > 0) return SETTLED;
  return phase === 'SelfManaged' ? REPORTING : ON_THE_WAY;
}

/** Crossplane v2.3 watches what is composed, but not what is required: Machines, profiles, Secrets. */
function isUnwatched(
  { composite }: Observed,
  { waitsAtG1, waitsAtG2 }: Facts,
  problems: readonly Problem[],
): boolean {
  const machines = waitsAtG1 === undefined && waitsAtG2?.name === 'WaitingForMachines';
  const deaf = ownCondition(composite, 'Responsive')?.status === 'False';
  return machines || deaf || problems.some(({ awaited }) => awaited);
}
