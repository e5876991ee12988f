import { OWNER_ANNOTATION, SOURCE_UID_ANNOTATION } from '../../../lib/apis/ownership.ts';
import { conditionOf, isTrue } from '../../../lib/core/conditions.ts';
import { nameOf } from '../../../lib/core/names.ts';
import { type KubeObject, isRecord, recordIn } from '../../../lib/core/object.ts';
import { isAbandoned } from '../pivot/abandoned.ts';

/** backName names the Pivot by which Teardown takes a cluster back. */
export function backName(cluster: string): string {
  return nameOf(cluster, 'back');
}

/** Forward is how the way to the workload side stands, as far as a teardown cares. */
export type Forward =
  /** No Pivot, and nothing was handed over: the cluster is here. */
  | 'NotBegun'
  /** It may still be called off. */
  | 'BeforeCommit'
  /** It was called off, and everything is as it was before. */
  | 'Aborted'
  /** It only goes forward now. */
  | 'AfterCommit'
  /** The cluster belongs to itself. */
  | 'HandedOver'
  /** A pivot has brought it back, and the management side has it. */
  | 'TakenBack';

/** What the state of the way forward is read from. */
export interface ForwardView {
  /** The Pivot that the function composed. */
  readonly pivot: KubeObject | undefined;
  readonly plan: KubeObject | undefined;
  /** The Cluster on the management side. */
  readonly cluster: KubeObject | undefined;
  /** The function has noted the commit. */
  readonly committed: boolean;
}

/**
 * forwardOf reads how far a cluster got on its way. Three places know of the commit, so that no single
 * loss can undo it (function/core/facts.ts).
 */
export function forwardOf(view: ForwardView): Forward {
  const { pivot, plan, cluster, committed } = view;
  const handed =
    committed || isTrue(pivot, 'Committed') || recordIn(plan, 'spec')?.['handedOver'] === true;
  if (handed) return behindCommit(view);
  if (pivot === undefined) return 'NotBegun';
  return isCalledOff(pivot) && isAtHome(cluster) ? 'Aborted' : 'BeforeCommit';
}

function behindCommit({ pivot, cluster }: ForwardView): Forward {
  if (isBack(cluster)) return 'TakenBack';
  return isOver(pivot) ? 'HandedOver' : 'AfterCommit';
}

/** isOver tells whether a Pivot, or one that is gone, does nothing more behind its commit. */
export function isOver(pivot: KubeObject | undefined): boolean {
  return pivot === undefined || isTrue(pivot, 'Ready') || isAbandoned(pivot);
}

/** A copy that runs: only a pivot makes copies, and only its activation makes the management side the owner. */
function isBack(cluster: KubeObject | undefined): boolean {
  const annotations = cluster?.metadata.annotations ?? {};
  return annotations[OWNER_ANNOTATION] === 'management' && SOURCE_UID_ANNOTATION in annotations;
}

/**
 * The condition Aborted comes with the decision, the phase when everything is taken back. An attempt that
 * gave up by itself has the same phase, and will be followed by another one unless `abort` is set.
 */
function isCalledOff(pivot: KubeObject): boolean {
  const asked = recordIn(pivot, 'spec')?.['abort'] === true;
  return asked && recordIn(pivot, 'status')?.['phase'] === 'Aborted';
}

/** isAtHome tells whether the management side reconciles a Cluster; one that is gone is no obstacle. */
export function isAtHome(cluster: KubeObject | undefined): boolean {
  const owner = cluster?.metadata.annotations?.[OWNER_ANNOTATION];
  return owner === undefined || owner === 'management';
}

/** stepOf is what a Pivot is doing, in words. */
export function stepOf(pivot: KubeObject): string {
  const status = recordIn(pivot, 'status');
  const steps = Array.isArray(status?.['steps']) ? status['steps'].filter(isRecord) : [];
  const open = steps.find((step) => step['endTime'] === undefined);
  const said = open?.['message'] ?? troubleOf(pivot);
  const phase = status?.['phase'] ?? open?.['name'] ?? 'not begun';
  return [`it is at ${text(phase)}`, ...(said === undefined ? [] : [text(said)])].join(': ');
}

function troubleOf(pivot: KubeObject): string | undefined {
  const synced = conditionOf(pivot, 'Synced');
  return synced?.status === 'False' ? synced.message : conditionOf(pivot, 'Ready')?.message;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
