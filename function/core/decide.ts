import { parse, understand, type Understood } from './claim.ts';
import { CLUSTER_PLAN } from './composed-names.ts';
import { conditionsIn, type OwnCondition } from './conditions.ts';
import { desiredIn, heldAsObserved, isReady, type Desired } from './desired.ts';
import { eventsOf, type Event } from './events.ts';
import { factsOf, type Facts } from './facts.ts';
import type { Observed } from './observed.ts';
import { phaseOf, type Phase } from './phase.ts';
import type { Problem } from './problem.ts';
import { requirementsOf, type Selector } from './requirements.ts';
import { compositeStatus, statusAsItWas } from './status.ts';
import { ttlOf } from './ttl.ts';

/** Decision is the complete response to the observed state, independent of the protocol. */
export interface Decision {
  readonly desired: Desired;
  /** Composed resources that are ready. */
  readonly ready: ReadonlySet<string>;
  /** Whether the composite itself is ready. */
  readonly operational: boolean;
  /** Status of the composite, without conditions. */
  readonly status: Readonly<Record<string, unknown>>;
  readonly conditions: readonly OwnCondition[];
  readonly events: readonly Event[];
  readonly requirements: Readonly<Record<string, Selector>>;
  /** Requeue interval in seconds if nothing changes; never zero (facts/crossplane-runs.md 7). */
  readonly ttlSeconds: number;
}

/** decide is the composition function: a pure function from the observed to the desired state. */
export function decide(observed: Observed): Decision {
  const facts = factsOf(observed);
  const phase = phaseOf(facts);
  const parsed = parse(observed.composite);
  if (parsed.kind === 'Misshapen') {
    const status = statusAsItWas(phase, facts, observed);
    return answer(observed, facts, phase, { problems: parsed.problems, status });
  }
  const { spec, target } = parsed;
  const understood = understand(spec, target, observed, facts.committed);
  const { problems } = understood;
  const requirements = requirementsOf(spec, target, observed, facts.committed);
  if (problems.length > 0) {
    const status = statusAsItWas(phase, facts, observed);
    return answer(observed, facts, phase, { problems, status, requirements });
  }
  const status = compositeStatus(phase, facts, observed, { spec, target });
  return answer(observed, facts, phase, { problems, status, requirements, understood });
}

interface Findings {
  readonly problems: readonly Problem[];
  readonly status: Readonly<Record<string, unknown>>;
  readonly requirements?: Readonly<Record<string, Selector>>;
  /** Present when the claim is accepted. */
  readonly understood?: Understood;
}

function answer(observed: Observed, facts: Facts, phase: Phase, findings: Findings): Decision {
  const { problems, status, requirements = {}, understood } = findings;
  const desired = desiredFor(observed, facts, phase, understood);
  const paused = understood?.input.spec.paused ?? false;
  const conditions = conditionsIn(phase, facts, { problems, paused });
  const operational = conditions.some(
    ({ type, status: s }) => type === 'Operational' && s === 'True',
  );
  return {
    desired,
    ready: new Set(Object.keys(desired).filter((name) => isReady(name, observed.composed[name]))),
    operational,
    status,
    conditions,
    events: eventsOf(phase, conditions, observed),
    requirements,
    ttlSeconds: ttlOf(observed, facts, { phase, operational, problems }),
  };
}

function desiredFor(
  observed: Observed,
  facts: Facts,
  phase: Phase,
  understood: Understood | undefined,
): Desired {
  if (understood === undefined || facts.forgotten) return heldAsObserved(observed);
  const desired = desiredIn(phase, understood, facts, observed);
  if (!understood.input.spec.paused) return desired;
  const asObserved = heldAsObserved(observed);
  // Paused: the plan must tell the agent; everything else stays unchanged.
  const plan = asObserved[CLUSTER_PLAN] === undefined ? undefined : desired[CLUSTER_PLAN];
  return plan === undefined ? asObserved : { ...asObserved, [CLUSTER_PLAN]: plan };
}
