import { EPOCH_ANNOTATION, OWNER_ANNOTATION, type Owner } from '../../../lib/apis/ownership.ts';
import { recordIn } from '../../../lib/core/conditions.ts';
import type { JsonObject, KubeObject } from '../../../lib/core/object.ts';
import type { Attempt } from './journal.ts';

/** Ownership is who has a cluster, as its Cluster says on one side. */
export interface Ownership {
  readonly owner: Owner | 'unknown';
  readonly epoch: number;
  readonly paused: boolean;
}

const OWNERS: readonly string[] = ['management', 'moving', 'workload'] satisfies readonly Owner[];

/** ownershipOf reads a Cluster; a Cluster that says nothing belongs to the management side (DESIGN 5). */
export function ownershipOf(cluster: KubeObject): Ownership {
  const { annotations = {} } = cluster.metadata;
  const owner = annotations[OWNER_ANNOTATION] ?? 'management';
  const epoch = Number(annotations[EPOCH_ANNOTATION] ?? '1');
  return {
    owner: isOwner(owner) ? owner : 'unknown',
    epoch: Number.isSafeInteger(epoch) ? epoch : 1,
    paused: recordIn(cluster, 'spec')?.['paused'] === true,
  };
}

function isOwner(text: string): text is Owner {
  return OWNERS.includes(text);
}

/** FenceState: not yet written, standing, or somebody else has changed the owner since the attempt began. */
export type FenceState = 'Open' | 'Standing' | 'Lost';

/** fenceState tells how the fence of an attempt stands on the Cluster of the source. */
export function fenceState(cluster: KubeObject, attempt: Attempt): FenceState {
  const { owner, epoch, paused } = ownershipOf(cluster);
  if (owner === 'moving' && epoch === attempt.epoch && paused) return 'Standing';
  return owner === attempt.owner && epoch < attempt.epoch ? 'Open' : 'Lost';
}

/** fencePatch is the one write that fences: nobody reconciles the cluster from here on. */
export function fencePatch(cluster: KubeObject, { epoch }: Attempt): JsonObject {
  return {
    metadata: {
      resourceVersion: cluster.metadata.resourceVersion,
      annotations: ownedBy('moving', epoch),
    },
    spec: { paused: true },
  };
}

/** ownedBy are the annotations that say who has a cluster. */
export function ownedBy(owner: Owner, epoch: number): Readonly<Record<string, string>> {
  return { [OWNER_ANNOTATION]: owner, [EPOCH_ANNOTATION]: String(epoch) };
}

/** fencedCluster is what a Cluster of an escrow would be if it had been fenced. */
export function fencedCluster(cluster: KubeObject, { epoch }: Attempt): KubeObject {
  return {
    ...cluster,
    metadata: {
      ...cluster.metadata,
      annotations: { ...cluster.metadata.annotations, ...ownedBy('moving', epoch) },
    },
    spec: { ...recordIn(cluster, 'spec'), paused: true },
  };
}

/** Changes are operations of a JSON patch. */
export type Changes = readonly JsonObject[];

/** activationPatch is the one write that activates: owner, epoch and un-pause; it tests that the fence of the attempt still stands. */
export function activationPatch(owner: Owner, { epoch }: Attempt): Changes {
  return [
    { op: 'test', path: pathOf(OWNER_ANNOTATION), value: 'moving' },
    { op: 'test', path: pathOf(EPOCH_ANNOTATION), value: String(epoch) },
    ...Object.entries(ownedBy(owner, epoch + 1)).map(([annotation, value]) => ({
      op: 'replace',
      path: pathOf(annotation),
      value,
    })),
    { op: 'remove', path: '/spec/paused' },
  ];
}

/** givenBackPatch is the write with which an abort hands the Cluster back to its owner as it was. */
export function givenBackPatch(cluster: KubeObject, { owner, epoch, paused }: Attempt): JsonObject {
  return {
    metadata: {
      resourceVersion: cluster.metadata.resourceVersion,
      annotations: ownedBy(owner, epoch + 1),
    },
    spec: { paused: paused ?? null },
  };
}

function pathOf(annotation: string): string {
  return `/metadata/annotations/${annotation.replaceAll('~', '~0').replaceAll('/', '~1')}`;
}
