import { type KubeObject, isRecord } from '../../lib/core/object.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { NoMatchError } from '../../lib/kube/errors.ts';

/**
 * placed sets the default namespace on namespaced objects without one, as `kubectl apply` does.
 * Cluster-scoped objects get none. Fails with NoMatchError for a kind that is not served.
 */
export async function placed(
  api: KubeApi,
  objects: readonly KubeObject[],
  namespace: string,
): Promise<readonly KubeObject[]> {
  const versions = [...new Set(objects.map(({ apiVersion }) => apiVersion))];
  const found = await Promise.all(
    versions.map(async (version) => [version, await scopesOf(api, version)] as const),
  );
  const scopes = new Map(found);
  return objects.map((object) => {
    const { apiVersion, kind, metadata } = object;
    const namespaced = scopes.get(apiVersion)?.get(kind);
    if (namespaced === undefined) throw new NoMatchError(apiVersion, kind);
    const { namespace: said, ...rest } = metadata;
    const place = namespaced ? { namespace: said ?? namespace } : {};
    return { ...object, metadata: { ...rest, ...place } };
  });
}

async function scopesOf(api: KubeApi, apiVersion: string): Promise<ReadonlyMap<string, boolean>> {
  const path = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const answer = await api.raw('GET', path).catch(notThere);
  const resources: unknown = isRecord(answer) ? answer['resources'] : [];
  const scopes = new Map<string, boolean>();
  for (const resource of Array.isArray(resources) ? resources : []) {
    if (!isRecord(resource)) continue;
    const { name, kind, namespaced } = resource;
    if (typeof name !== 'string' || typeof kind !== 'string' || name.includes('/')) continue;
    scopes.set(kind, namespaced === true);
  }
  return scopes;
}

function notThere(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 404) return undefined;
  throw error;
}
