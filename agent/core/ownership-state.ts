import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { OWNER_ANNOTATION } from '../../lib/apis/ownership.ts';

/**
 * OwnershipState is the ownership of a cluster as seen from inside: not handed over yet, moving (in either
 * direction), owned by this side, owned but paused, or taken back by the management side.
 */
export type OwnershipState = 'BeforePivot' | 'Moving' | 'Ours' | 'Paused' | 'TakenBack';

/**
 * ownershipStateOf derives the ownership from the local Cluster (DESIGN 5: no annotation means management).
 * A plan with `handedOver` and no local Cluster means that the cluster was taken back.
 */
export function ownershipStateOf(
  cluster: KubeObject | undefined,
  handedOver: boolean,
): OwnershipState {
  if (cluster === undefined) return handedOver ? 'TakenBack' : 'BeforePivot';
  const deleting = cluster.metadata.deletionTimestamp !== undefined;
  if (deleting || cluster.metadata.annotations?.[OWNER_ANNOTATION] !== 'workload') return 'Moving';
  return recordIn(cluster, 'spec')?.['paused'] === true ? 'Paused' : 'Ours';
}

/** isInside reports whether the cluster manages itself, which add-ons require. */
export function isInside(ownership: OwnershipState): boolean {
  return ownership === 'Ours' || ownership === 'Paused';
}
