import { recordIn } from '../../lib/core/object.ts';
import type { Facts } from './facts.ts';
import { ownCondition, type Observed } from './observed.ts';
import type { Phase } from './phase.ts';
import type { Problem } from './problem.ts';

/**
 * The cluster is operational, or only a change of the claim can help; changes arrive by watch. Crossplane
 * adds up to 10 % jitter to a TTL, so this is at least an hour.
 */
const SETTLED = 4000;
/** The agent has not reported everything yet; its reports arrive by watch. */
const REPORTING = 60;
/**
 * Cluster API changes its objects so often during the creation that Crossplane's circuit breaker opens with
 * its default settings and drops events for minutes, possibly the one that opens a gate.
 */
const ON_THE_WAY = 20;
/** The function waits for an object that Crossplane does not watch. */
const UNWATCHED = 10;

/**
 * How long events can be lost after the condition Responsive became False. The circuit breaker (core
 * v2.3.4, internal/circuit) then drops all events, including those of the composite, except one every
 * 30 s, until the first event after the cooldown of 5 min closes it. Only an event closes it, so without
 * events the condition stays False although the next event will pass. The value adds half a minute for the
 * last event that passed, and half a minute of clock skew.
 */
const DEAF_MS = 6 * 60_000;

/** Until the collection below is over, a claim's watches can be stopped at any time. */
const COLLECTING = 20;
/**
 * How long after the handover of a claim events can be lost. Core's collector of watches runs once a minute and
 * stops all watches of a claim's composed kinds when one kind is no longer composed, as after every pivot
 * (core v2.3.4, internal/controller/apiextensions/composite/watch; facts/crossplane-runs.md 7.1). The next
 * reconcile starts those that are still needed, and nothing is left over from then on.
 */
const COLLECTION_MS = 150_000;

/** State is the part of the decision that the TTL depends on. */
interface State {
  readonly phase: Phase;
  readonly operational: boolean;
  readonly problems: readonly Problem[];
}

/** ttlOf returns the requeue interval in seconds if nothing changes. */
export function ttlOf(observed: Observed, facts: Facts, state: State): number {
  const { phase, operational, problems } = state;
  if (isUnwatched(facts, problems) || isDeaf(observed)) return UNWATCHED;
  if (mayLoseWatches(observed)) return COLLECTING;
  if (operational || problems.length > 0) return SETTLED;
  return phase === 'SelfManaged' ? REPORTING : ON_THE_WAY;
}

/** Crossplane v2.3 watches composed resources, but not required ones: Machines, profiles, Secrets. */
function isUnwatched({ waitsAtG1, waitsAtG2 }: Facts, problems: readonly Problem[]): boolean {
  const machines = waitsAtG1 === undefined && waitsAtG2?.name === 'WaitingForMachines';
  return machines || problems.some(({ awaited }) => awaited);
}

/** Without a transition time the breaker counts as just opened. */
function isDeaf({ composite, seenAt }: Observed): boolean {
  const responsive = ownCondition(composite, 'Responsive');
  if (responsive?.status !== 'False') return false;
  const since = Date.parse(responsive.lastTransitionTime ?? '');
  return !(seenAt - since > DEAF_MS);
}

/** Only composites with a claim keep their references where the collector does not look. */
function mayLoseWatches({ composite, seenAt }: Observed): boolean {
  if (recordIn(recordIn(composite, 'spec'), 'claimRef') === undefined) return false;
  const pivoted = ownCondition(composite, 'Pivoted');
  if (pivoted?.status !== 'True') return false;
  return seenAt - Date.parse(pivoted.lastTransitionTime ?? '') <= COLLECTION_MS;
}
