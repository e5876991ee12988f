import type { Kind } from '../../capi/cloud.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { isNoMatch } from '../../lib/kube/errors.ts';
import { allSettled } from '../../lib/settled.ts';

/** listAll lists the objects of many kinds in one namespace, all kinds at once. A kind that is not served has none. */
export async function listAll(
  api: KubeApi,
  kinds: readonly Kind[],
  namespace: string,
): Promise<readonly KubeObject[]> {
  const lists = await allSettled(kinds.map((kind) => listOne(api, kind, namespace)));
  return lists.flat();
}

async function listOne(
  api: KubeApi,
  { apiVersion, kind }: Kind,
  namespace: string,
): Promise<readonly KubeObject[]> {
  try {
    const { items } = await wrapError(`list ${kind}`, api.list({ apiVersion, kind, namespace }));
    return items.filter((object) => mayMove(object, namespace));
  } catch (error) {
    if (isNoMatch(error)) return [];
    throw error;
  }
}

/**
 * mayMove tells whether an object may be written on the other side at all. The workload side belongs to its
 * users, and so does a Secret that says it is an escrow: they must not be able to have the provider write
 * into other namespaces, or have a token made for a ServiceAccount.
 */
export function mayMove(object: KubeObject, namespace: string): boolean {
  if (object.metadata.namespace !== namespace) return false;
  return object.kind !== 'Secret' || object['type'] !== 'kubernetes.io/service-account-token';
}

/** kindsOf are the kinds that objects have, each once. */
export function kindsOf(objects: readonly KubeObject[]): readonly Kind[] {
  const kinds = objects.map(
    ({ apiVersion, kind }) => [`${apiVersion} ${kind}`, { apiVersion, kind }] as const,
  );
  return [...new Map(kinds).values()];
}
