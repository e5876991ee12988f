import type { KubeObject } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';

const CRD = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };

/** CRDs are large and rarely change, but a pivot that waits for its gate reads them repeatedly. */
const FRESH_MS = 30_000;

interface Known {
  readonly at: number;
  readonly crds: Promise<readonly KubeObject[]>;
}

const known = new WeakMap<object, Known>();

/**
 * crdsOf returns the CRDs of an API server, at most 30 s old. `server` is the cache key, which is the same
 * object in every pass.
 */
export async function crdsOf(api: KubeApi, server: object): Promise<readonly KubeObject[]> {
  const last = known.get(server);
  if (last !== undefined && performance.now() - last.at < FRESH_MS) return last.crds;
  const crds = wrapError('list the CRDs', api.list(CRD)).then(({ items }) => items);
  known.set(server, { at: performance.now(), crds });
  crds.catch(() => known.delete(server));
  return crds;
}
