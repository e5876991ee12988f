import {
  EPOCH_ANNOTATION,
  OWNER_ANNOTATION,
  PIVOT_ANNOTATION,
  type Owner,
} from '../../../lib/apis/ownership.ts';
import { type JsonObject, type KubeObject, recordIn } from '../../../lib/core/object.ts';
import type { Attempt } from './journal.ts';

/** Ownership is who has a cluster, as its Cluster says on one side. */
export interface Ownership {
  readonly owner: Owner | 'unknown';
  readonly epoch: number;
  readonly paused: boolean;
  /** Uid of the Pivot whose fence it is; absent without a fence, or when an older version wrote it. */
  readonly pivot?: string;
}

const OWNERS: readonly string[] = ['management', 'moving', 'workload'] satisfies readonly Owner[];

/** ownershipOf reads a Cluster; a Cluster that says nothing belongs to the management side (DESIGN 5). */
export function ownershipOf(cluster: KubeObject): Ownership {
  const { annotations = {} } = cluster.metadata;
  const owner = annotations[OWNER_ANNOTATION] ?? 'management';
  const epoch = Number(annotations[EPOCH_ANNOTATION] ?? '1');
  const pivot = annotations[PIVOT_ANNOTATION];
  return {
    owner: isOwner(owner) ? owner : 'unknown',
    epoch: Number.isSafeInteger(epoch) ? epoch : 1,
    paused: recordIn(cluster, 'spec')?.['paused'] === true,
    ...(pivot === undefined ? {} : { pivot }),
  };
}

/** isMarkedForeign tells whether a Cluster bears the mark of another Pivot than that of the attempt. */
export function isMarkedForeign(cluster: KubeObject, attempt: Attempt): boolean {
  const { pivot } = ownershipOf(cluster);
  return pivot !== undefined && pivot !== attempt.pivot;
}

/** ownerText says who has a Cluster, for a sentence. */
export function ownerText(cluster: KubeObject): string {
  const { owner, epoch, pivot } = ownershipOf(cluster);
  return `${owner}, epoch ${epoch}${pivot === undefined ? '' : `, fenced by the Pivot with uid ${pivot}`}`;
}

function isOwner(text: string): text is Owner {
  return OWNERS.includes(text);
}

/** FenceState: not yet written, standing, or somebody else has changed the owner since the attempt began. */
export type FenceState = 'Open' | 'Standing' | 'Lost';

/** fenceState tells how the fence of an attempt stands on the Cluster of the source. */
export function fenceState(cluster: KubeObject, attempt: Attempt): FenceState {
  const { owner, epoch, paused } = ownershipOf(cluster);
  if (owner === 'moving' && epoch === attempt.epoch && paused) {
    return isMarkedForeign(cluster, attempt) ? 'Lost' : 'Standing';
  }
  return owner === attempt.owner && epoch < attempt.epoch ? 'Open' : 'Lost';
}

/** isFencedBy tells whether the fence on a Cluster is that of an attempt, paused or not any more. */
export function isFencedBy(cluster: KubeObject, attempt: Attempt | undefined): boolean {
  const { owner, epoch } = ownershipOf(cluster);
  return owner === 'moving' && epoch === attempt?.epoch && !isMarkedForeign(cluster, attempt);
}

/** fencePatch is the one write that fences: nobody reconciles the cluster from here on. */
export function fencePatch(cluster: KubeObject, { epoch, pivot }: Attempt): JsonObject {
  return {
    metadata: {
      resourceVersion: cluster.metadata.resourceVersion,
      annotations: { ...ownedBy('moving', epoch), [PIVOT_ANNOTATION]: pivot ?? null },
    },
    spec: { paused: true },
  };
}

/** ownedBy are the annotations that say who has a cluster. */
export function ownedBy(owner: Owner, epoch: number): Readonly<Record<string, string>> {
  return { [OWNER_ANNOTATION]: owner, [EPOCH_ANNOTATION]: String(epoch) };
}

/** fencedCluster is what a Cluster of an escrow would be if it had been fenced. */
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

/** Changes are operations of a JSON patch. */
export type Changes = readonly JsonObject[];

/**
 * activationPatch is the one write that activates: owner, epoch and un-pause; it tests that the fence of
 * the attempt still stands, with the mark that the copy was given.
 */
export function activationPatch(owner: Owner, { epoch, pivot }: Attempt): Changes {
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
    { op: 'remove', path: '/spec/paused' },
  ];
}

/**
 * unmarkedActivationPatch activates a copy whose fence bears no mark: an older version wrote it in the
 * middle of the attempt. It holds for the copy as it was read.
 */
export function unmarkedActivationPatch(
  cluster: KubeObject,
  owner: Owner,
  attempt: Attempt,
): Changes {
  const { pivot: _pivot, ...unmarked } = attempt;
  const { resourceVersion = '' } = cluster.metadata;
  return [
    { op: 'test', path: '/metadata/resourceVersion', value: resourceVersion },
    ...activationPatch(owner, unmarked),
  ];
}

/** givenBackPatch is the write with which an abort hands the Cluster back to its owner as it was. */
export function givenBackPatch(cluster: KubeObject, { owner, epoch, paused }: Attempt): JsonObject {
  return {
    metadata: {
      resourceVersion: cluster.metadata.resourceVersion,
      annotations: { ...ownedBy(owner, epoch + 1), [PIVOT_ANNOTATION]: null },
    },
    spec: { paused: paused ?? null },
  };
}

/** burntPatch is the write with which an abort uses up an epoch whose fence never came. */
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
