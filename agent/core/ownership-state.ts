import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { OWNER_ANNOTATION } from '../../lib/apis/ownership.ts';

/**
 * OwnershipState says where a cluster is on its way, as seen from inside: not handed over yet, on the move (in
 * either direction), ours, ours but paused by somebody, or taken back by the management side.
 */
export type OwnershipState = 'BeforePivot' | 'Moving' | 'Ours' | 'Paused' | 'TakenBack';

/**
 * ownershipStateOf derives the side from the local Cluster (DESIGN 5: no annotation means management). A plan
 * that says `handedOver` without a Cluster here means that it was taken back.
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

/** isInside tells whether the cluster manages itself, so that add-ons may follow. */
export function isInside(ownership: OwnershipState): boolean {
  return ownership === 'Ours' || ownership === 'Paused';
}
