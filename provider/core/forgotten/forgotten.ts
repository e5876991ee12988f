import {
  MANAGEMENT_ANNOTATION,
  PIVOT_ANNOTATION,
  RECLAIMED_ANNOTATION,
  SOURCE_UID_ANNOTATION,
} from '../../../lib/apis/ownership.ts';
import { isTrue } from '../../../lib/core/conditions.ts';
import { type JsonObject, type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { ownedBy, type Ownership, ownershipOf } from '../pivot/ownership.ts';
import { isOver } from '../teardown/pivot-state.ts';

/** The policy fence-owner admits no greater step. */
const LONGEST_STEP = 1000;

/** Views are the Cluster on both sides, read in this order, and what was read of the management side after that. */
export interface Views {
  /** The Cluster on the management side. */
  readonly here: KubeObject;
  /** The Cluster in the cluster. */
  readonly inside: KubeObject;
  /** uid of the management side; undefined if it is not known. */
  readonly management: string | undefined;
  /** The Pivots that name the cluster. */
  readonly pivots: readonly KubeObject[];
  /** Claim, composite or plan know of the commit. */
  readonly handedOver: boolean;
}

/**
 * wasHandedOver reports whether a cluster that this side means to own manages itself, so that this side was restored from
 * a backup of before the handover. Nothing is concluded from the epoch: an abort can raise it here to that of the cluster.
 */
export function wasHandedOver(views: Views): boolean {
  return (
    !isBeingRemoved(views.here) && isOurs(views) && isOwnedByItself(views) && isClaimedHere(views)
  );
}

/**
 * isBeingRemoved reports whether the machines of a Cluster are removed on this side. A deletion is not revoked, so a
 * cluster with one in a backup was not handed over afterwards.
 */
export function isBeingRemoved({ metadata }: KubeObject): boolean {
  return (
    metadata.deletionTimestamp !== undefined || RECLAIMED_ANNOTATION in (metadata.annotations ?? {})
  );
}

/**
 * isOurs reports whether a Cluster in a cluster was made from the Cluster here, or says that it belongs here: a kubeconfig
 * can lead to another cluster.
 */
export function isOurs({
  here,
  inside,
  management,
}: Pick<Views, 'here' | 'inside' | 'management'>): boolean {
  const annotations = inside.metadata.annotations ?? {};
  const isCopy =
    here.metadata.uid !== undefined && annotations[SOURCE_UID_ANNOTATION] === here.metadata.uid;
  return isCopy || (management !== undefined && annotations[MANAGEMENT_ANNOTATION] === management);
}

/**
 * The mark `management` is on clusters only that managed themselves: a fenced one is being taken back. This side has taken
 * it back itself if its Cluster is a copy with a higher epoch.
 */
function isOwnedByItself({ here, inside }: Views): boolean {
  const [ours, theirs] = [ownershipOf(here), ownershipOf(inside)];
  const isCopy = SOURCE_UID_ANNOTATION in (here.metadata.annotations ?? {});
  if (isCopy && ours.epoch >= theirs.epoch) return false;
  const wasMarked = MANAGEMENT_ANNOTATION in (inside.metadata.annotations ?? {});
  return theirs.owner === 'workload' || (theirs.owner === 'moving' && wasMarked);
}

/** This side reconciles the cluster, or has fenced it for a handover that has not committed. */
function isClaimedHere({ here, pivots, handedOver }: Views): boolean {
  const ours = ownershipOf(here);
  if (ours.owner !== 'moving') return ours.owner === 'management';
  return !handedOver && !pivots.some((pivot) => explains(pivot, ours));
}

/**
 * The fence here is that of a handover after its commit, or of a take-back that is under way. A Pivot that moved the
 * cluster before has a lower epoch, or is over.
 */
function explains(pivot: KubeObject, { epoch }: Ownership): boolean {
  if (recordIn(pivot, 'spec')?.['direction'] === 'ToManagement') return !isOver(pivot);
  const reached = recordIn(pivot, 'status')?.['epoch'];
  return isTrue(pivot, 'Committed') && (typeof reached !== 'number' || reached > epoch);
}

/** standDownPatch is the write after which nobody on this side reconciles the cluster, on exactly the Cluster that was read. */
export function standDownPatch(here: KubeObject, inside: KubeObject): JsonObject {
  const [ours, theirs] = [ownershipOf(here).epoch, ownershipOf(inside).epoch];
  const epoch = Math.min(Math.max(theirs, ours + 1), ours + LONGEST_STEP);
  return {
    metadata: {
      resourceVersion: here.metadata.resourceVersion,
      annotations: { ...ownedBy('workload', epoch), [PIVOT_ANNOTATION]: null },
    },
    spec: { paused: true },
  };
}

/** reclaimPatch makes this side the owner again, whatever the cluster says. */
export function reclaimPatch(here: KubeObject): JsonObject {
  return {
    metadata: {
      resourceVersion: here.metadata.resourceVersion,
      annotations: {
        ...ownedBy('management', ownershipOf(here).epoch + 1),
        [RECLAIMED_ANNOTATION]: 'true',
      },
    },
    spec: { paused: null },
  };
}
