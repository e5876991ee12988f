import { EPOCH_ANNOTATION, OWNER_ANNOTATION } from '../../lib/apis/ownership.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';

/** Claimed is what the Cluster object of one side says about who reconciles it. */
export interface Claimed {
  /** Value of the annotation; `management` where it is absent (decision 1). */
  readonly owner: string;
  /** 1 where it is absent. */
  readonly epoch: number;
  readonly paused: boolean;
}

/** ownershipOf reads owner, epoch and pause of a Cluster. */
export function ownershipOf(cluster: KubeObject): Claimed {
  const annotations = cluster.metadata.annotations ?? {};
  const epoch = Number(annotations[EPOCH_ANNOTATION] ?? '1');
  return {
    owner: annotations[OWNER_ANNOTATION] ?? 'management',
    epoch: Number.isSafeInteger(epoch) ? epoch : 1,
    paused: recordIn(cluster, 'spec')?.['paused'] === true,
  };
}

/** bothRun tells whether neither of two Clusters is paused: the one thing that must never be. */
export function bothRun(here: KubeObject | undefined, there: KubeObject | undefined): boolean {
  return [here, there].every((cluster) => cluster !== undefined && !ownershipOf(cluster).paused);
}

/** ownershipText is it in a few words. */
export function ownershipText(cluster: KubeObject): string {
  const { owner, epoch, paused } = ownershipOf(cluster);
  return `owner ${owner}, epoch ${epoch}, ${paused ? 'paused' : 'not paused'}`;
}
