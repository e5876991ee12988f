import type { MovedStatus } from '../../../lib/apis/pivot.generated.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { CLUSTER_NAME_LABEL } from '../../../capi/labels.ts';
import { softSecretNames } from './belongs.ts';
import { isClusterApi } from './identity.ts';
import { ownersOf } from '../../../lib/core/owners.ts';
import { levelsOf } from './order.ts';

/**
 * DELETE_FOR_MOVE is the annotation that tells webhooks to allow the deletion of an object that has moved
 * elsewhere (Cluster API contract, clusterctl.md).
 */
export const DELETE_FOR_MOVE = 'clusterctl.cluster.x-k8s.io/delete-for-move';

/** Retirement says what happens to the objects of the source. */
export interface Retirement {
  /** To be removed, level by level: dependents before their owners, the Cluster alone at the end. */
  readonly levels: readonly (readonly KubeObject[])[];
  /** To be kept: the kubeconfig that this side continues to use to reach the cluster. */
  readonly kept: readonly KubeObject[];
}

/**
 * retirementOf plans the removal of what has moved. Only objects that the Pivot lists as moved are deleted;
 * of Secrets and ConfigMaps only those that belong to this cluster alone. Objects that others might use are
 * kept.
 */
export function retirementOf(
  cluster: KubeObject,
  all: readonly KubeObject[],
  { moved, keep }: { readonly moved: readonly MovedStatus[]; readonly keep?: string | undefined },
): Retirement {
  const names = new Set(moved.map(({ kind, name }) => `${kind}/${name}`));
  const own = all.filter(
    (object) =>
      names.has(`${object.kind}/${object.metadata.name ?? ''}`) &&
      isOwn(cluster.metadata.name ?? '', object),
  );
  const kept = own.filter(({ kind, metadata }) => kind === 'Secret' && metadata.name === keep);
  const going = own.filter(
    (object) => !kept.includes(object) && object.metadata.uid !== cluster.metadata.uid,
  );
  return { levels: [...levelsOf(going).toReversed(), [cluster]], kept };
}

function isOwn(cluster: string, object: KubeObject): boolean {
  if (isClusterApi(object) || ownersOf(object).length > 0) return true;
  const { name = '', labels = {} } = object.metadata;
  return labels[CLUSTER_NAME_LABEL] === cluster || softSecretNames(cluster).includes(name);
}

/** annotationsFor returns the annotations that a retired object gets before it is deleted. */
export function annotationsFor(object: KubeObject): Readonly<Record<string, string>> {
  return isClusterApi(object) ? { [DELETE_FOR_MOVE]: '' } : {};
}
