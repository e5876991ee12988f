import type { KubeObject } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';

const CRD = { apiVersion: 'apiextensions.k8s.io/v1', kind: 'CustomResourceDefinition' };

/** CRDs are large and change seldom; while a pivot waits for its gate they are asked for again and again. */
const FRESH_MS = 30_000;

interface Known {
  readonly at: number;
  readonly crds: Promise<readonly KubeObject[]>;
}

const known = new WeakMap<object, Known>();

/**
 * crdsOf are the CRDs of an API server, as they were half a minute ago at most. `server` is what stays the
 * same from pass to pass.
 */
export async function crdsOf(api: KubeApi, server: object): Promise<readonly KubeObject[]> {
  const last = known.get(server);
  if (last !== undefined && performance.now() - last.at < FRESH_MS) return last.crds;
  const crds = wrapError('list the CRDs', api.list(CRD)).then(({ items }) => items);
  known.set(server, { at: performance.now(), crds });
  crds.catch(() => known.delete(server));
  return crds;
}
