import {
  EPOCH_ANNOTATION,
  epochIn,
  MANAGEMENT_ANNOTATION,
  OWNER_ANNOTATION,
  PIVOT_ANNOTATION,
  type Owner,
} from '../../../lib/apis/ownership.ts';
import { type JsonObject, type KubeObject, recordIn } from '../../../lib/core/object.ts';
import type { Attempt } from './journal.ts';

/** Ownership says which side owns a cluster, according to its Cluster on one side. */
export interface Ownership {
  readonly owner: Owner | 'unknown';
  readonly epoch: number;
  readonly paused: boolean;
  /** Uid of the Pivot that wrote the fence; absent without a fence, or if an older version wrote it. */
  readonly pivot?: string;
}

const OWNERS: readonly string[] = ['management', 'moving', 'workload'] satisfies readonly Owner[];

/**
 * ownershipOf reads the ownership of a Cluster. A Cluster without annotations belongs to the management
 * side (DESIGN 5). An epoch that is no epoch makes the owner unknown: nobody acts on it.
 */
export function ownershipOf(cluster: KubeObject): Ownership {
  const { annotations = {} } = cluster.metadata;
  const owner = annotations[OWNER_ANNOTATION] ?? 'management';
  const epoch = epochIn(annotations[EPOCH_ANNOTATION]);
  const pivot = annotations[PIVOT_ANNOTATION];
  return {
    owner: isOwner(owner) && epoch !== undefined ? owner : 'unknown',
    epoch: epoch ?? 1,
    paused: recordIn(cluster, 'spec')?.['paused'] === true,
    ...(pivot === undefined ? {} : { pivot }),
  };
}

/** isMarkedForeign reports whether a Cluster carries the mark of a Pivot other than that of the attempt. */
export function isMarkedForeign(cluster: KubeObject, attempt: Attempt): boolean {
  const { pivot } = ownershipOf(cluster);
  return pivot !== undefined && pivot !== attempt.pivot;
}

/** ownerText describes the ownership of a Cluster for a message. */
export function ownerText(cluster: KubeObject): string {
  const { owner, epoch, pivot } = ownershipOf(cluster);
  const text = cluster.metadata.annotations?.[EPOCH_ANNOTATION];
  if (epochIn(text) === undefined) {
    return `unknown, because annotation ${EPOCH_ANNOTATION} is ${text?.slice(0, 20)} and not an integer of at most 15 digits; correct it`;
  }
  return `${owner}, epoch ${epoch}${pivot === undefined ? '' : `, fenced by the Pivot with uid ${pivot}`}`;
}

function isOwner(text: string): text is Owner {
  return OWNERS.includes(text);
}

/**
 * FenceState says whether the fence is not yet written, in place, or lost because the owner was changed by
 * something else since the attempt started.
 */
export type FenceState = 'Open' | 'Standing' | 'Lost';

/** fenceState returns the state of the fence of an attempt on the Cluster of the source. */
export function fenceState(cluster: KubeObject, attempt: Attempt): FenceState {
  const { owner, epoch, paused } = ownershipOf(cluster);
  if (owner === 'moving' && epoch === attempt.epoch && paused) {
    return isMarkedForeign(cluster, attempt) ? 'Lost' : 'Standing';
  }
  return owner === attempt.owner && epoch < attempt.epoch ? 'Open' : 'Lost';
}

/**
 * isFencedBy reports whether the fence on a Cluster belongs to an attempt, even if the Cluster is no longer
 * paused.
 */
export function isFencedBy(cluster: KubeObject, attempt: Attempt | undefined): boolean {
  const { owner, epoch } = ownershipOf(cluster);
  return owner === 'moving' && epoch === attempt?.epoch && !isMarkedForeign(cluster, attempt);
}

/** fencePatch is the single write that fences the cluster: no controller reconciles it from then on. */
export function fencePatch(cluster: KubeObject, { epoch, pivot }: Attempt): JsonObject {
  return {
    metadata: {
      resourceVersion: cluster.metadata.resourceVersion,
      annotations: { ...ownedBy('moving', epoch), [PIVOT_ANNOTATION]: pivot ?? null },
    },
    spec: { paused: true },
  };
}

/** ownedBy returns the annotations that record the owner of a cluster. */
export function ownedBy(owner: Owner, epoch: number): Readonly<Record<string, string>> {
  return { [OWNER_ANNOTATION]: owner, [EPOCH_ANNOTATION]: String(epoch) };
}

/** fencedCluster returns the Cluster of an escrow as it would be after a fence. */
export function fencedCluster(cluster: KubeObject, { epoch, pivot }: Attempt): KubeObject {
  const { [PIVOT_ANNOTATION]: _mark, ...others } = cluster.metadata.annotations ?? {};
  const mark = pivot === undefined ? {} : { [PIVOT_ANNOTATION]: pivot };
  return {
    ...cluster,
    metadata: {
      ...cluster.metadata,
      annotations: { ...others, ...ownedBy('moving', epoch), ...mark },
    },
    spec: { ...recordIn(cluster, 'spec'), paused: true },
  };
}

/** Changes is a list of JSON patch operations. */
export type Changes = readonly JsonObject[];

/** Activation is who owns the cluster after it. */
export interface Activation {
  readonly owner: Owner;
  /** uid of the management side that a cluster which manages itself belongs to; absent if it is not known. */
  readonly management?: string | undefined;
}

/**
 * activationPatch is the single write that activates the target: owner, epoch, whose it is, and unpause. It tests that
 * the fence of the attempt is still in place, with the mark that the copy was given.
 */
export function activationPatch(
  { owner, management }: Activation,
  { epoch, pivot }: Attempt,
): Changes {
  const mark = pathOf(PIVOT_ANNOTATION);
  return [
    { op: 'test', path: pathOf(OWNER_ANNOTATION), value: 'moving' },
    { op: 'test', path: pathOf(EPOCH_ANNOTATION), value: String(epoch) },
    ...(pivot === undefined ? [] : [{ op: 'test', path: mark, value: pivot }]),
    ...Object.entries(ownedBy(owner, epoch + 1)).map(([annotation, value]) => ({
      op: 'replace',
      path: pathOf(annotation),
      value,
    })),
    ...(pivot === undefined ? [] : [{ op: 'remove', path: mark }]),
    ...(management === undefined
      ? []
      : [{ op: 'add', path: pathOf(MANAGEMENT_ANNOTATION), value: management }]),
    { op: 'remove', path: '/spec/paused' },
  ];
}

/**
 * unmarkedActivationPatch activates a copy whose fence has no mark because an older version wrote it in the
 * same attempt. It applies only to the copy as it was read.
 */
export function unmarkedActivationPatch(
  cluster: KubeObject,
  activation: Activation,
  attempt: Attempt,
): Changes {
  const { pivot: _pivot, ...unmarked } = attempt;
  const { resourceVersion = '' } = cluster.metadata;
  return [
    { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
    ...activationPatch(activation, unmarked),
  ];
}

/** givenBackPatch is the write by which an abort returns the Cluster to its owner in its previous state. */
export function givenBackPatch(cluster: KubeObject, { owner, epoch, paused }: Attempt): JsonObject {
  return {
    metadata: {
      resourceVersion: cluster.metadata.resourceVersion,
      annotations: { ...ownedBy(owner, epoch + 1), [PIVOT_ANNOTATION]: null },
    },
    spec: { paused: paused ?? null },
  };
}

/** burntPatch is the write by which an abort uses up an epoch whose fence was never observed. */
export function burntPatch(cluster: KubeObject, { owner, epoch }: Attempt): JsonObject {
  return {
    metadata: {
      resourceVersion: cluster.metadata.resourceVersion,
      annotations: ownedBy(owner, epoch + 1),
    },
  };
}

function pathOf(annotation: string): string {
  return `/metadata/annotations/${annotation.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
