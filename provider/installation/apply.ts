import { setTimeout as sleep } from 'node:timers/promises';
import { CLUSTER_LABEL } from '../../lib/apis/ownership.ts';
import { isTrue } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { eachOf as eachOfAtOnce } from '../../lib/each-of.ts';
import { wrapError } from '../../lib/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeApi, TypeRef } from '../../lib/kube/api.ts';
import { isNoMatch } from '../../lib/kube/errors.ts';
import { covers } from '../../lib/core/subset.ts';
import { idOf } from '../core/installation/json.ts';
import { CRD } from '../core/installation/provider-copy.ts';
import { triggerReconcile } from '../trigger-reconcile.ts';

/** FIELD_MANAGER is the field manager of the provider; fields of other managers are left alone. */
export const FIELD_MANAGER = 'managed-cluster-provider';

/** Concurrent requests per reconcile: more would only queue up in a small API server. */
const IN_FLIGHT = 12;

const LOOKS = 20;
const BETWEEN_LOOKS_MS = 100;

/** eachOf runs the work for all items with limited concurrency; fails with the first failure. */
export function eachOf<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<readonly Result[]> {
  return eachOfAtOnce(items, IN_FLIGHT, work);
}

/** Inventory holds the existing objects of a cluster, of some kinds. */
export type Inventory = ReadonlyMap<string, KubeObject>;

/**
 * inventoryOf lists all objects of the kinds with the label of a cluster; a kind that is not served has
 * none.
 */
export async function inventoryOf(
  api: KubeApi,
  types: readonly TypeRef[],
  cluster: string,
): Promise<Inventory> {
  const lists = await eachOf(types, (type) => listed(api, type, cluster));
  return new Map(lists.flat().map((object) => [idOf(object), object]));
}

/**
 * applyMissing applies the objects that differ from the existing ones and returns all objects in their new
 * state. Without a difference it writes nothing. Changes by other clients are reverted.
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

/** ensureObjects is {@link applyMissing} with a read of each object first. */
export async function ensureObjects(
  api: KubeApi,
  wanted: readonly KubeObject[],
): Promise<readonly KubeObject[]> {
  return eachOf(wanted, async (object) => {
    const found = await api.get(refOf(object));
    return found !== undefined && covers(found, object) ? found : applied(api, object);
  });
}

/**
 * ensureNamespace creates a namespace that does not exist; an existing one is left unchanged because it
 * belongs to its user.
 */
export async function ensureNamespace(api: KubeApi, name: string): Promise<void> {
  await ensureObjects(api, [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }]);
}

/** applied is the object after a server-side apply with force. */
export function applied(api: KubeApi, object: KubeObject): Promise<KubeObject> {
  const { name = '', namespace } = object.metadata;
  const where = namespace === undefined ? '' : ` in namespace ${namespace}`;
  return wrapError(
    `apply ${object.kind} ${name}${where}`,
    api.apply(object, { fieldManager: FIELD_MANAGER, force: true }),
  );
}

/**
 * untilEstablished waits briefly until the API server serves new CRDs, which usually takes well under a
 * second, and returns the names of those that it does not serve yet. Other objects are ignored. An API server that was
 * stopped between accepting the names of a CRD and establishing it continues only after a change of the CRD, or five
 * minutes of its own life (apiextensions-apiserver v0.36 customresource_handler.go), so such a CRD is triggered.
 */
export async function untilEstablished(
  api: KubeApi,
  objects: readonly KubeObject[],
): Promise<readonly string[]> {
  let open = objects.filter((object) => object.kind === CRD.kind && !isTrue(object, 'Established'));
  for (let look = 0; open.length > 0 && look < LOOKS; look += 1) {
    // oxlint-disable-next-line no-await-in-loop -- the pause between two checks
    await sleep(BETWEEN_LOOKS_MS);
    // oxlint-disable-next-line no-await-in-loop -- checks are sequential
    const found = await eachOf(open, async (crd) => (await api.get(refOf(crd))) ?? crd);
    open = found.filter((crd) => !isTrue(crd, 'Established'));
  }
  const accepted = open.filter((crd) => isTrue(crd, 'NamesAccepted'));
  await wrapError('trigger the establishment of CRDs', triggerReconcile(api, accepted));
  return open.map(({ metadata }) => metadata.name ?? '');
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
