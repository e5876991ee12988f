import { CLUSTER } from '../../capi/kinds.ts';
import { CLUSTER_NAME_LABEL } from '../../capi/labels.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { KubeApi, TypeRef } from '../../lib/kube/api.ts';
import { hasStatus, isNoMatch } from '../../lib/kube/errors.ts';
import type { ClusterRef } from '../core/escrow/escrow-set.ts';
import { moveTypes } from '../core/pivot/move-types.ts';
import { cloudNamed } from '../../capi/clouds/index.ts';
import { crdsOf } from '../pivot/crds.ts';

/**
 * clusterTypes returns the kinds of Cluster API and of a cloud on an API server, as a pivot finds them.
 * Secrets are handled separately.
 */
export async function clusterTypes(
  api: KubeApi,
  provider: string | undefined,
): Promise<readonly TypeRef[]> {
  const types = moveTypes(await crdsOf(api, api), cloudNamed(provider)?.movesAlso);
  return types.filter(({ apiVersion }) => apiVersion !== 'v1');
}

/**
 * clusterObjects returns the objects of a cluster that Cluster API or its providers reconcile, except
 * Secrets. All of them have the label of their cluster, set by us or by Cluster API.
 */
export async function clusterObjects(
  api: KubeApi,
  types: readonly TypeRef[],
  { namespace, name }: ClusterRef,
): Promise<Found> {
  const labelSelector = `${CLUSTER_NAME_LABEL}=${name}`;
  const [cluster, lists] = await Promise.all([
    orNone(api.get({ ...CLUSTER, namespace, name }), undefined),
    Promise.all(types.map((type) => listed(api, { ...type, namespace }, labelSelector))),
  ]);
  const others = lists
    .flatMap(({ objects }) => objects)
    .filter(({ metadata }) => metadata.uid !== cluster?.metadata.uid);
  return {
    objects: cluster === undefined ? others : [cluster, ...others],
    unseen: lists.flatMap(({ unseen }) => unseen),
  };
}

/** The objects that were found, and messages about the kinds that could not be listed. */
export interface Found {
  readonly objects: readonly KubeObject[];
  readonly unseen: readonly string[];
}

async function listed(api: KubeApi, type: TypeRef, labelSelector: string): Promise<Found> {
  const { kind, apiVersion, namespace } = type;
  const list = api.list(type, { labelSelector }).then(({ items }) => items);
  try {
    const objects = await orNone<readonly KubeObject[]>(list, []);
    return { objects, unseen: [] };
  } catch (error) {
    if (!hasStatus(error, 403))
      throw new Error(`cannot list ${kind} in ${namespace}`, { cause: error });
    const sentence = `Whether any ${kind} (${apiVersion}) is left: the provider has no permission to list them`;
    return { objects: [], unseen: [sentence] };
  }
}

/** A kind without a CRD has no objects. */
async function orNone<Answer>(work: Promise<Answer>, none: Answer): Promise<Answer> {
  try {
    return await work;
  } catch (error) {
    if (isNoMatch(error)) return none;
    throw error;
  }
}
