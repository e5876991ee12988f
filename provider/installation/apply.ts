import { CLUSTER_LABEL } from '../../lib/apis/ownership.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { during } from '../../lib/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeApi, TypeRef } from '../../lib/kube/api.ts';
import { isNoMatch } from '../../lib/kube/errors.ts';
import { covers } from '../core/installation/covers.ts';
import { idOf } from '../core/installation/json.ts';
import { eachOf } from './each-of.ts';

/** FIELD_MANAGER is who applies; what others set in the same objects is theirs. */
export const FIELD_MANAGER = 'managed-cluster-provider';

/** Inventory is what there is of a cluster's objects of some kinds. */
export type Inventory = ReadonlyMap<string, KubeObject>;

/** inventoryOf reads all objects of kinds that bear the label of a cluster; a kind that is not served has none. */
export async function inventoryOf(
  api: KubeApi,
  types: readonly TypeRef[],
  cluster: string,
): Promise<Inventory> {
  const lists = await eachOf(types, (type) => listed(api, type, cluster));
  return new Map(lists.flat().map((object) => [idOf(object), object]));
}

/**
 * applyMissing applies what differs from what is there and gives everything as it is then. Repeating
 * it costs no write. What somebody else has changed is changed back.
 */
export async function applyMissing(
  api: KubeApi,
  wanted: readonly KubeObject[],
  there: Inventory,
): Promise<readonly KubeObject[]> {
  return eachOf(wanted, async (object) => {
    const found = there.get(idOf(object));
    return found !== undefined && covers(found, object) ? found : applied(api, object);
  });
}

/** ensureObjects is {@link applyMissing} with a look at each of the objects. */
export async function ensureObjects(
  api: KubeApi,
  wanted: readonly KubeObject[],
): Promise<readonly KubeObject[]> {
  return eachOf(wanted, async (object) => {
    const found = await api.get(refOf(object));
    return found !== undefined && covers(found, object) ? found : applied(api, object);
  });
}

/** applied is the object after a server-side apply that wins against other managers. */
export function applied(api: KubeApi, object: KubeObject): Promise<KubeObject> {
  const { name = '', namespace } = object.metadata;
  const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
  return during(
    `apply ${object.kind} ${name}${where}`,
    api.apply(object, { fieldManager: FIELD_MANAGER, force: true }),
  );
}

async function listed(
  api: KubeApi,
  type: TypeRef,
  cluster: string,
): Promise<readonly KubeObject[]> {
  try {
    const { items } = await api.list(type, { labelSelector: `${CLUSTER_LABEL}=${cluster}` });
    return items;
  } catch (error) {
    if (isNoMatch(error)) return [];
    throw error;
  }
}
