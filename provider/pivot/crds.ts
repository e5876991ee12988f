import { type KubeObject, isRecord, recordIn } from '../../lib/core/object.ts';
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
 * crdsOf returns the kinds that CRDs of an API server define, without schemas, at most 30 s old. `server` is the cache key, which is the same
 * object in every pass.
 */
export async function crdsOf(api: KubeApi, server: object): Promise<readonly KubeObject[]> {
  const last = known.get(server);
  if (last !== undefined && performance.now() - last.at < FRESH_MS) return last.crds;
  const crds = wrapError('list the CRDs', api.list(CRD, { part: kindIn })).then(
    ({ items }) => items,
  );
  known.set(server, { at: performance.now(), crds });
  crds.catch(() => known.delete(server));
  return crds;
}

/** A CRD without the schemas, which are nearly all of it: a cluster with many operators has too much of them. */
function kindIn(crd: KubeObject): KubeObject {
  const { apiVersion, kind, metadata } = crd;
  const { name, labels } = metadata;
  const { group, names, scope, versions } = recordIn(crd, 'spec') ?? {};
  const plain = Array.isArray(versions)
    ? versions.filter(isRecord).map(({ name: version, served, storage }) => ({
        name: version,
        served,
        storage,
      }))
    : [];
  return {
    apiVersion,
    kind,
    metadata: {
      ...(name === undefined ? {} : { name }),
      ...(labels === undefined ? {} : { labels }),
    },
    spec: { group, names, scope, versions: plain },
  };
}
