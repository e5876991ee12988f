import { EPOCH_ANNOTATION, epochIn, OWNER_ANNOTATION } from '../../lib/apis/ownership.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';

/** Claimed is the ownership recorded on the Cluster of one side. */
export interface Claimed {
  /** Value of the owner annotation; `management` when it is absent (decision 1). */
  readonly owner: string;
  /** 1 when the annotation is absent. */
  readonly epoch: number;
  readonly paused: boolean;
}

/** ownershipOf reads owner, epoch and spec.paused of a Cluster. */
export function ownershipOf(cluster: KubeObject): Claimed {
  const annotations = cluster.metadata.annotations ?? {};
  return {
    owner: annotations[OWNER_ANNOTATION] ?? 'management',
    epoch: epochIn(annotations[EPOCH_ANNOTATION]) ?? 1,
    paused: recordIn(cluster, 'spec')?.['paused'] === true,
  };
}

/** bothRun reports whether neither of two Clusters is paused, which must never happen. */
export function bothRun(here: KubeObject | undefined, there: KubeObject | undefined): boolean {
  return [here, there].every((cluster) => cluster !== undefined && !ownershipOf(cluster).paused);
}

/** ownershipText is the ownership of a Cluster in a few words. */
export function ownershipText(cluster: KubeObject): string {
  const { owner, epoch, paused } = ownershipOf(cluster);
  return `owner ${owner}, epoch ${epoch}, ${paused ? 'paused' : 'not paused'}`;
}
