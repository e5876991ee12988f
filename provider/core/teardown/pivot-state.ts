import { isForgotten } from '../../../lib/apis/forgotten.ts';
import { OWNER_ANNOTATION, SOURCE_UID_ANNOTATION } from '../../../lib/apis/ownership.ts';
import { conditionOf, isTrue } from '../../../lib/core/conditions.ts';
import { nameOf } from '../../../lib/core/names.ts';
import { type KubeObject, isRecord, recordIn } from '../../../lib/core/object.ts';
import { isAbandoned } from '../pivot/abandoned.ts';

/** backName returns the name of the Pivot that Teardown creates to take a cluster back. */
export function backName(cluster: string): string {
  return nameOf(cluster, 'back');
}

/** Forward is the state of the handover, as far as a teardown needs it. */
export type Forward =
  /** No Pivot, and the cluster was not handed over: it is on the management side. */
  | 'NotBegun'
  /** It can still be aborted. */
  | 'BeforeCommit'
  /** It was aborted and everything was reverted. */
  | 'Aborted'
  /** It can no longer be aborted. */
  | 'AfterCommit'
  /** The cluster manages itself. */
  | 'HandedOver'
  /** A pivot has taken it back to the management side. */
  | 'TakenBack'
  /** It manages itself, and this side, which was restored from a backup, does not know how that came about. */
  | 'Forgotten';

/** ForwardView is the input of {@link forwardOf}. */
export interface ForwardView {
  /** The Pivot that the function composed. */
  readonly pivot: KubeObject | undefined;
  readonly plan: KubeObject | undefined;
  /** The Cluster on the management side. */
  readonly cluster: KubeObject | undefined;
  /** The Cluster, or what was made for it, is known to be of the composite: not everybody with its name may let it go. */
  readonly certain: boolean;
  /** The function has recorded the commit. */
  readonly committed: boolean;
}

/**
 * forwardOf determines how far the handover of a cluster is. The commit is recorded in three places, so
 * that no single loss can undo it (function/core/facts.ts).
 */
export function forwardOf(view: ForwardView): Forward {
  const { pivot, plan, cluster, committed } = view;
  const handed =
    committed || isTrue(pivot, 'Committed') || recordIn(plan, 'spec')?.['handedOver'] === true;
  if (handed) return behindCommit(view);
  if (view.certain && isForgotten(cluster)) return 'Forgotten';
  if (pivot === undefined) return 'NotBegun';
  return isCalledOff(pivot) && isAtHome(cluster) ? 'Aborted' : 'BeforeCommit';
}

function behindCommit({ pivot, cluster }: ForwardView): Forward {
  if (isBack(cluster)) return 'TakenBack';
  return isOver(pivot) ? 'HandedOver' : 'AfterCommit';
}

/** isOver reports whether a Pivot, or one that no longer exists, is finished after its commit. */
export function isOver(pivot: KubeObject | undefined): boolean {
  return pivot === undefined || isTrue(pivot, 'Ready') || isAbandoned(pivot);
}

/**
 * An active copy: only a pivot creates copies, and only its activation makes the management side the owner.
 */
function isBack(cluster: KubeObject | undefined): boolean {
  const annotations = cluster?.metadata.annotations ?? {};
  return annotations[OWNER_ANNOTATION] === 'management' && SOURCE_UID_ANNOTATION in annotations;
}

/**
 * The condition Aborted is set with the decision, the phase once everything is reverted. An attempt that
 * gave up has the same phase and is followed by another attempt unless `abort` is set.
 */
function isCalledOff(pivot: KubeObject): boolean {
  const asked = recordIn(pivot, 'spec')?.['abort'] === true;
  return asked && recordIn(pivot, 'status')?.['phase'] === 'Aborted';
}

/**
 * isAtHome reports whether the management side reconciles a Cluster; a Cluster that does not exist is no
 * obstacle.
 */
export function isAtHome(cluster: KubeObject | undefined): boolean {
  const owner = cluster?.metadata.annotations?.[OWNER_ANNOTATION];
  return owner === undefined || owner === 'management';
}

/** stepOf describes the current step of a Pivot. */
export function stepOf(pivot: KubeObject): string {
  const status = recordIn(pivot, 'status');
  const steps = Array.isArray(status?.['steps']) ? status['steps'].filter(isRecord) : [];
  const open = steps.find((step) => step['endTime'] === undefined);
  const said = open?.['message'] ?? troubleOf(pivot);
  const phase = status?.['phase'] ?? open?.['name'];
  const state = phase === undefined ? 'it has not started' : `its phase is ${text(phase)}`;
  return [state, ...(said === undefined ? [] : [text(said)])].join(': ');
}

function troubleOf(pivot: KubeObject): string | undefined {
  const synced = conditionOf(pivot, 'Synced');
  return synced?.status === 'False' ? synced.message : conditionOf(pivot, 'Ready')?.message;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
