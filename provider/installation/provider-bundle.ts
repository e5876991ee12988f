import { recordIn } from '../../lib/core/conditions.ts';
import { contentHash } from '../../lib/core/hash.ts';
import { isJsonObject } from '../../lib/core/merge-patch.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { compareText } from '../../lib/core/order.ts';
import type { KubeApi, TypeRef } from '../../lib/kube/api.ts';
import { isNoMatch } from '../../lib/kube/errors.ts';
import type { Source } from '../deps.ts';
import { idOf, listIn, podSpecOf, textIn } from '../core/installation/json.ts';
import { COPIED_KINDS, copyOf, CRD, PROVIDER_LABEL } from '../core/installation/provider-copy.ts';
import { eachOf } from './each-of.ts';

/** ProviderBundle is all providers of the management side, as they are there. */
export interface ProviderBundle {
  readonly crds: readonly KubeObject[];
  readonly objects: readonly KubeObject[];
}

/** ProviderWatch keeps the bundle: it is read once for all clusters, and again after a change. */
export interface ProviderWatch {
  bundle(): Promise<ProviderBundle>;
  /** Milliseconds since the last change; a process that has just started knows of none. */
  quietMs(): number;
  /** Grows with every change. */
  version(): number;
  /** The kinds to watch; each change that matters is told. */
  sources(changed: () => ReturnType<Source['toKeys']>): readonly Source[];
}

/** clusterctl's own CRD, without which there is no inventory; it bears no label of a provider. */
const INVENTORY_CRD = 'providers.clusterctl.cluster.x-k8s.io';

/** Deletions, and kinds that are not watched, are seen after this time. */
const LONGEST_KEPT_MS = 5 * 60_000;

const ROOT_CERTIFICATES = 'kube-root-ca.crt';

/** Kinds whose changes are an upgrade or a change of settings of a provider. */
const WATCHED: readonly TypeRef[] = [
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole' },
  CRD,
];

/** Watches the providers of the management side. */
export function watchProviders(management: KubeApi): ProviderWatch {
  const known = new Map<string, string>();
  let version = 0;
  let lastNews = performance.now();
  let loading: Promise<ProviderBundle> | undefined;
  let loadedAt = 0;

  /** Status changes all the time and means nothing here; a relist tells what is known already. */
  function isNews(object: KubeObject): boolean {
    const copy: unknown = copyOf(object);
    const state = isJsonObject(copy) ? contentHash(copy) : '';
    const gone = object.metadata.deletionTimestamp ?? '';
    const id = idOf(object);
    if (known.get(id) === state + gone) return false;
    known.set(id, state + gone);
    return true;
  }

  return {
    version: () => version,
    quietMs: () => performance.now() - lastNews,
    bundle(): Promise<ProviderBundle> {
      if (loading === undefined || performance.now() - loadedAt > LONGEST_KEPT_MS) {
        const attempt = loadBundle(management);
        loading = attempt;
        loadedAt = performance.now();
        attempt.catch(() => {
          if (loading === attempt) loading = undefined;
        });
      }
      return loading;
    },
    sources: (changed) =>
      WATCHED.map((type) => ({
        type,
        options: { labelSelector: PROVIDER_LABEL },
        toKeys: (object) => {
          if (!isNews(object)) return [];
          version += 1;
          lastNews = performance.now();
          loading = undefined;
          return changed();
        },
      })),
  };
}

/** loadBundle reads all that bears the label of a provider, and what Deployments and RBAC refer to without it. */
export async function loadBundle(api: KubeApi): Promise<ProviderBundle> {
  const [labelled, inventoryCrd] = await Promise.all([
    eachOf([CRD, ...COPIED_KINDS], (type) => listed(api, type)),
    api.get({ ...CRD, name: INVENTORY_CRD }),
  ]);
  const [crds = [], ...others] = labelled;
  const objects = others.flat();
  const isThere = crds.some(({ metadata }) => metadata.name === INVENTORY_CRD);
  const all = inventoryCrd === undefined || isThere ? crds : [inventoryCrd, ...crds];
  // Kept for all clusters: without what is not copied, which is half of it.
  return {
    crds: all.map(copyOf),
    objects: [...(await unlabelled(api, objects)), ...objects].map(copyOf),
  };
}

/** Namespaces and ConfigMaps that the installer of the provider has forgotten to label. */
async function unlabelled(
  api: KubeApi,
  objects: readonly KubeObject[],
): Promise<readonly KubeObject[]> {
  const deployments = objects.filter(({ kind }) => kind === 'Deployment');
  const wanted = deployments.flatMap((deployment) => {
    const { namespace = '' } = deployment.metadata;
    const maps = configMapsOf(deployment).map((name) => ({ kind: 'ConfigMap', namespace, name }));
    return [{ kind: 'Namespace', name: namespace }, ...maps].map((ref) => ({ ref, deployment }));
  });
  const missing = wanted.filter(
    ({ ref }) => !objects.some((object) => isSame(object, ref.kind, ref)),
  );
  const found = await eachOf(missing, async ({ ref, deployment }) => {
    const object = await api.get({ apiVersion: 'v1', ...ref });
    return object === undefined ? [] : [withProviderOf(deployment, object)];
  });
  return found.flat();
}

function isSame(
  { kind, metadata }: KubeObject,
  wanted: string,
  ref: { readonly name: string; readonly namespace?: string },
): boolean {
  return kind === wanted && metadata.name === ref.name && metadata.namespace === ref.namespace;
}

function withProviderOf(deployment: KubeObject, object: KubeObject): KubeObject {
  const provider = deployment.metadata.labels?.[PROVIDER_LABEL] ?? '';
  const labels = { ...object.metadata.labels, [PROVIDER_LABEL]: provider };
  return { ...object, metadata: { ...object.metadata, labels } };
}

function configMapsOf(deployment: KubeObject): readonly string[] {
  const podSpec = podSpecOf(deployment);
  const volumes = listIn(podSpec, 'volumes').map((volume) => recordIn(volume, 'configMap'));
  const containers = listIn(podSpec, 'containers');
  const sources = containers.flatMap((container) => [
    ...listIn(container, 'envFrom').map((from) => recordIn(from, 'configMapRef')),
    ...listIn(container, 'env').map((env) =>
      recordIn(recordIn(env, 'valueFrom'), 'configMapKeyRef'),
    ),
  ]);
  const names = [...volumes, ...sources].flatMap((source) => textIn(source, 'name') ?? []);
  return [...new Set(names)].filter((name) => name !== ROOT_CERTIFICATES).toSorted(compareText);
}

async function listed(api: KubeApi, type: TypeRef): Promise<readonly KubeObject[]> {
  try {
    const { items } = await api.list(type, { labelSelector: PROVIDER_LABEL });
    return items;
  } catch (error) {
    if (isNoMatch(error)) return [];
    throw error;
  }
}
