import { EPOCH_ANNOTATION, OWNER_ANNOTATION } from '../../lib/apis/ownership.ts';
import { conditionOf, isTrue } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import {
  AGENT_INSTALLATION,
  CLUSTER,
  CLUSTER_PLAN,
  CONTROL_PLANE,
  INFRASTRUCTURE_CLUSTER,
  isClusterApi,
  PIVOT,
} from './composed-names.ts';
import { firstUnmet, G1, G2, label, type Predicate, type View } from '../../capi/gates.ts';
import { statusOf, type Observed } from './observed.ts';
import { MACHINES } from './requirements.ts';

/** Facts are all that is decided upon; nothing downstream looks into raw objects for progress again. */
export interface Facts {
  readonly view: View;
  readonly plan: KubeObject | undefined;
  readonly pivot: KubeObject | undefined;
  /** What gate G1 waits for; undefined means that it is open, now or ever before. */
  readonly waitsAtG1: Predicate | undefined;
  /** What gate G2 waits for; undefined means that it is open, now or ever before. */
  readonly waitsAtG2: Predicate | undefined;
  /** The objects belong to Crossplane no more; only an abort before the commit takes that back. */
  readonly released: boolean;
  /** One-way door: the cluster belongs to itself. */
  readonly committed: boolean;
  /** The source is fenced: what is composed must not change under the pivot's hands. */
  readonly moving: boolean;
  /** Cluster API objects that are still ours after the commit, by kind and name; there must be none. */
  readonly unreleased: readonly string[];
  /** Committed, and nothing of it left on this side; once so, always so. */
  readonly handedOver: boolean;
  readonly epoch: number;
}

/**
 * factsOf reduces what is observed. Progress is derived from what is seen; only the one-way doors
 * are remembered, in the status of the composite and on the Pivot, because behind them the objects
 * that would prove them are gone.
 */
export function factsOf(observed: Observed): Facts {
  const { composite, composed } = observed;
  const view = viewOf(observed);
  const doors = doorsOf(observed);
  const { released, committed } = doors;
  const fenced = released || annotation(view.cluster, OWNER_ANNOTATION) === 'moving';
  return {
    ...doors,
    view,
    plan: composed[CLUSTER_PLAN],
    pivot: composed[PIVOT],
    waitsAtG1:
      released || hasPassed('InstallingAgent', observed) ? undefined : firstUnmet(G1, view),
    waitsAtG2: released || hasPassed('Pivoting', observed) ? undefined : firstUnmet(G2, view),
    moving: fenced && !committed,
    epoch: epochOf(observed, statusOf(composite)),
  };
}

/** The one-way doors, and what is left to do behind the last. */
function doorsOf({
  composite,
  composed,
}: Observed): Pick<Facts, 'released' | 'committed' | 'unreleased' | 'handedOver'> {
  const status = statusOf(composite);
  const committed = isCommitted(composed, status);
  const unreleased = committed ? unreleasedIn(composed) : [];
  return {
    released: committed || isReleased(composed[PIVOT], status),
    committed,
    unreleased,
    handedOver: committed && (unreleased.length === 0 || status['phase'] === 'SelfManaged'),
  };
}

/** Three places know it, so that no single loss can undo it; the plan's survives a loss of all status. */
function isCommitted(
  composed: Observed['composed'],
  status: Readonly<Record<string, unknown>>,
): boolean {
  return (
    status['committed'] === true ||
    isTrue(composed[PIVOT], 'Committed') ||
    recordIn(composed[CLUSTER_PLAN], 'spec')?.['handedOver'] === true
  );
}

function unreleasedIn(composed: Observed['composed']): readonly string[] {
  return Object.entries(composed)
    .filter(([name]) => isClusterApi(name))
    .map(([name, object]) => label(object, name));
}

function viewOf({ composed, required }: Observed): View {
  return {
    cluster: composed[CLUSTER],
    infrastructureCluster: composed[INFRASTRUCTURE_CLUSTER],
    controlPlane: composed[CONTROL_PLANE],
    agentInstallation: composed[AGENT_INSTALLATION],
    machines: required[MACHINES],
  };
}

/** What comes behind an open gate: each proves that the gate has been open. */
const BEHIND = [
  { phase: 'InstallingAgent', parts: [CLUSTER_PLAN, AGENT_INSTALLATION] },
  { phase: 'Pivoting', parts: [PIVOT] },
  { phase: 'SelfManaged', parts: [] },
] as const;

/** hasPassed tells whether the gate before a phase was ever open: a gate stays open (DESIGN 4). */
function hasPassed(
  phase: 'InstallingAgent' | 'Pivoting',
  { composite, composed }: Observed,
): boolean {
  const from = BEHIND.findIndex((step) => step.phase === phase);
  return BEHIND.slice(from).some(
    (step) =>
      statusOf(composite)['phase'] === step.phase ||
      step.parts.some((part) => composed[part] !== undefined),
  );
}

/**
 * The mark in status counts as long as the Pivot says nothing else: it may be gone, or have lost its
 * status. An abort before the commit takes Released back by saying False.
 */
function isReleased(
  pivot: KubeObject | undefined,
  status: Readonly<Record<string, unknown>>,
): boolean {
  const said = conditionOf(pivot, 'Released')?.status;
  return said === 'True' || (said !== 'False' && status['released'] === true);
}

/** The epoch only grows, so the highest that anybody knows is the true one. */
function epochOf({ composed }: Observed, status: Readonly<Record<string, unknown>>): number {
  const known = [
    annotation(composed[CLUSTER], EPOCH_ANNOTATION),
    recordIn(composed[PIVOT], 'status')?.['epoch'],
    recordIn(composed[CLUSTER_PLAN], 'spec')?.['epoch'],
    status['epoch'],
  ];
  return Math.max(1, ...known.map(Number).filter((epoch) => Number.isSafeInteger(epoch)));
}

function annotation(object: KubeObject | undefined, key: string): string | undefined {
  return object?.metadata.annotations?.[key];
}
