import { isForgotten } from '../../lib/apis/forgotten.ts';
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

/** Facts are the input of all decisions; later code does not read progress from raw objects. */
export interface Facts {
  readonly view: View;
  readonly plan: KubeObject | undefined;
  readonly pivot: KubeObject | undefined;
  /** What gate G1 waits for; undefined means that it is open or was open before. */
  readonly waitsAtG1: Predicate | undefined;
  /** What gate G2 waits for; undefined means that it is open or was open before. */
  readonly waitsAtG2: Predicate | undefined;
  /** The objects no longer belong to Crossplane; only an abort before the commit reverts this. */
  readonly released: boolean;
  /** The cluster is self-managed; this is never reverted. */
  readonly committed: boolean;
  /** The cluster exists and is to be adopted; nothing is created for it. */
  readonly adopting: boolean;
  /** The cluster manages itself, and this side was restored to before it knew: nothing changes here. */
  readonly forgotten: boolean;
  /** The source is fenced: composed objects must not change during the pivot. */
  readonly moving: boolean;
  /** Kind and name of Cluster API objects that are still ours after the commit; there should be none. */
  readonly unreleased: readonly string[];
  /** Committed, and no object is left on this side; this is never reverted. */
  readonly handedOver: boolean;
  readonly epoch: number;
}

/**
 * factsOf derives the facts from the observed state. Only the one-way transitions are stored, in the
 * status of the composite and on the Pivot, because afterwards the objects that prove them no longer
 * exist.
 */
export function factsOf(observed: Observed): Facts {
  const { composite, composed } = observed;
  const view = viewOf(observed);
  const doors = doorsOf(observed);
  const { released, committed } = doors;
  const adopting = !committed && recordIn(composite, 'spec')?.['adoptFrom'] !== undefined;
  const fenced = released || annotation(view.cluster, OWNER_ANNOTATION) === 'moving';
  return {
    ...doors,
    view,
    plan: composed[CLUSTER_PLAN],
    pivot: composed[PIVOT],
    adopting,
    forgotten: !committed && isForgotten(view.cluster),
    ...gatesOf(observed, view, adopting || released),
    moving: fenced && !committed,
    epoch: epochOf(observed, statusOf(composite)),
  };
}

/** A cluster that is adopted, or is no longer Crossplane's, passes no gate here. */
function gatesOf(
  observed: Observed,
  view: View,
  none: boolean,
): Pick<Facts, 'waitsAtG1' | 'waitsAtG2'> {
  return {
    waitsAtG1: none || hasPassed('InstallingAgent', observed) ? undefined : firstUnmet(G1, view),
    waitsAtG2: none || hasPassed('Pivoting', observed) ? undefined : firstUnmet(G2, view),
  };
}

/** The one-way transitions, and what remains to be done after the last one. */
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

/** Stored in three places, so that losing one does not revert it; the plan survives a loss of all status. */
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

/** Objects that are created after a gate opens; each proves that the gate was open. */
const BEHIND = [
  { phase: 'InstallingAgent', parts: [CLUSTER_PLAN, AGENT_INSTALLATION] },
  { phase: 'Pivoting', parts: [PIVOT] },
  { phase: 'SelfManaged', parts: [] },
] as const;

/** hasPassed reports whether the gate of a phase was ever open: a gate stays open (DESIGN 4). */
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
 * The field in status applies unless the Pivot contradicts it: the Pivot can be deleted, or have lost its
 * status. An abort before the commit sets Released to False.
 */
function isReleased(
  pivot: KubeObject | undefined,
  status: Readonly<Record<string, unknown>>,
): boolean {
  const said = conditionOf(pivot, 'Released')?.status;
  return said === 'True' || (said !== 'False' && status['released'] === true);
}

/** The epoch only increases, so the highest known value is the current one. */
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
