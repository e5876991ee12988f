import type { Facts } from './facts.ts';
import { ownCondition, type Observed } from './observed.ts';
import type { Phase } from './phase.ts';
import type { Problem } from './problem.ts';

/**
 * All is well, or only a change of the claim can help: changes come by watch. Crossplane varies a TTL
 * by up to a tenth, so this is an hour at least.
 */
const SETTLED = 4000;
/** The agent has not reported everything yet; its reports come by watch. */
const REPORTING = 60;
/**
 * Cluster API changes its objects so often on the way that Crossplane's circuit breaker opens with its
 * default settings, and then drops events for minutes: the one that opens a gate may be among them.
 */
const ON_THE_WAY = 20;
/** Something is awaited that nobody tells us of. */
const UNWATCHED = 10;

/**
 * How long events may be lost after the condition Responsive became False. The circuit breaker (core
 * v2.3.4, internal/circuit) then drops all events, also those of the composite itself, but for one every
 * 30 s, until the first that comes after the cooldown of 5 min: that one closes it. Because nothing but
 * an event closes it, the condition stays False for as long as all is quiet, and says nothing then: the
 * next event passes. Half a minute for the last one that passed, half a minute for clocks that differ.
 */
const DEAF_MS = 6 * 60_000;

/** State is what has been decided so far. */
interface State {
  readonly phase: Phase;
  readonly operational: boolean;
  readonly problems: readonly Problem[];
}

/** ttlOf says when to look again though nothing has changed, in seconds. */
export function ttlOf(observed: Observed, facts: Facts, state: State): number {
  const { phase, operational, problems } = state;
  if (isUnwatched(facts, problems) || isDeaf(observed)) return UNWATCHED;
  if (operational || problems.length > 0) return SETTLED;
  return phase === 'SelfManaged' ? REPORTING : ON_THE_WAY;
}

/** Crossplane v2.3 watches what is composed, but not what is required: Machines, profiles, Secrets. */
function isUnwatched({ waitsAtG1, waitsAtG2 }: Facts, problems: readonly Problem[]): boolean {
  const machines = waitsAtG1 === undefined && waitsAtG2?.name === 'WaitingForMachines';
  return machines || problems.some(({ awaited }) => awaited);
}

/** Without a time nobody knows how long it has been so: then as if it had just begun. */
function isDeaf({ composite, seenAt }: Observed): boolean {
  const responsive = ownCondition(composite, 'Responsive');
  if (responsive?.status !== 'False') return false;
  const since = Date.parse(responsive.lastTransitionTime ?? '');
  return !(seenAt - since > DEAF_MS);
}
