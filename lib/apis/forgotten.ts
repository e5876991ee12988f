import type { KubeObject } from '../core/object.ts';
import { type Owner, OWNER_ANNOTATION } from './ownership.ts';

/** FORGOTTEN is what a user is told about a cluster whose handover this side has forgotten. */
export const FORGOTTEN =
  'The cluster manages itself, and this side does not know it: it was restored from a backup of before the handover. Nothing is changed here or in the cluster. Set spec.deletionPolicy to Orphan and delete this object, which removes nothing in your cloud; then adopt the cluster (docs/restore.md)';

/**
 * isForgotten reports whether a Cluster on the management side says that it manages itself. No handover leaves it so: the
 * provider writes it when the cluster itself says so and this side knows of no handover, because it was restored from a
 * backup of before (docs/decisions/0029).
 */
export function isForgotten(cluster: Pick<KubeObject, 'metadata'> | undefined): boolean {
  return cluster?.metadata.annotations?.[OWNER_ANNOTATION] === ('workload' satisfies Owner);
}
