import type { Kind } from '../../capi/cloud.ts';
import { recordIn, type KubeObject } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { isNoMatch } from '../../lib/kube/errors.ts';
import { allSettled } from '../../lib/settled.ts';

/**
 * Secrets that no cluster consists of are not read: the releases of Helm alone can be more than what is read of a
 * cluster (lib/kube/bounds.ts), and would stop a take-back.
 */
const NOT_OF_CLUSTERS = {
  fieldSelector: 'type!=helm.sh/release.v1,type!=kubernetes.io/service-account-token',
} as const;

/**
 * listAll lists the objects of many kinds in one namespace concurrently. A kind that is not served has
 * none.
 */
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
    const options = kind === 'Secret' ? NOT_OF_CLUSTERS : {};
    const list = api.list({ apiVersion, kind, namespace }, options);
    const { items } = await wrapError(`list ${kind}`, list);
    return items.filter((object) => mayMove(object, namespace));
  } catch (error) {
    if (isNoMatch(error)) return [];
    throw error;
  }
}

/**
 * mayMove reports whether an object may be written to the other side. Users control the workload side and
 * any Secret that claims to be an escrow, and must not be able to make the provider write to other
 * namespaces or create a token for a ServiceAccount.
 */
export function mayMove(object: KubeObject, namespace: string): boolean {
  if (recordIn(object, 'metadata')?.['namespace'] !== namespace) return false;
  return object.kind !== 'Secret' || object['type'] !== 'kubernetes.io/service-account-token';
}

/** kindsOf returns the kinds of the objects without duplicates. */
export function kindsOf(objects: readonly KubeObject[]): readonly Kind[] {
  const kinds = objects.map(
    ({ apiVersion, kind }) => [`${apiVersion} ${kind}`, { apiVersion, kind }] as const,
  );
  return [...new Map(kinds).values()];
}
