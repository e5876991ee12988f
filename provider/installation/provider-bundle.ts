import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { compareText } from '../../lib/core/order.ts';
import type { KubeApi, TypeRef } from '../../lib/kube/api.ts';
import { isNoMatch } from '../../lib/kube/errors.ts';
import { listIn, podSpecOf, textIn } from '../core/installation/json.ts';
import { COPIED_KINDS, copyOf, CRD, PROVIDER_LABEL } from '../core/installation/provider-copy.ts';
import {
  strayDeployments,
  trustedCrds,
  trustedObjects,
  vouchOf,
} from '../core/installation/provider-trust.ts';
import { eachOf } from './apply.ts';

/**
 * ProviderBundle holds the objects of all providers in trusted namespaces of the management side, reduced to what
 * is copied.
 */
export interface ProviderBundle {
  readonly crds: readonly KubeObject[];
  readonly objects: readonly KubeObject[];
  /** Deployments with a provider label in other namespaces, which are not copied. */
  readonly strays: ReturnType<typeof strayDeployments>;
  /** Names of the namespaces that may contain providers. */
  readonly namespaces: readonly string[];
}

/** The CRD of the clusterctl inventory; it has no provider label. */
const INVENTORY_CRD = 'providers.clusterctl.cluster.x-k8s.io';

const ROOT_CERTIFICATES = 'kube-root-ca.crt';

/**
 * loadBundle reads all objects with a provider label in trusted namespaces, and the unlabelled objects that
 * Deployments and RBAC refer to. `named` are the namespaces that the administrator named.
 */
export async function loadBundle(api: KubeApi, named: readonly string[]): Promise<ProviderBundle> {
  const [labelled, inventoryCrd] = await Promise.all([
    eachOf([CRD, ...COPIED_KINDS], (type) => listed(api, type)),
    api.get({ ...CRD, name: INVENTORY_CRD }),
  ]);
  const [labelledCrds = [], ...others] = labelled;
  const found = others.flat();
  const namespaces = found.filter(({ kind }) => kind === 'Namespace');
  const inventory = found.filter(({ kind }) => kind === 'Provider');
  const vouch = vouchOf({ named, namespaces, inventory });
  const objects = trustedObjects(found, vouch);
  const crds = trustedCrds(labelledCrds, vouch);
  const isThere = crds.some(({ metadata }) => metadata.name === INVENTORY_CRD);
  const all = inventoryCrd === undefined || isThere ? crds : [inventoryCrd, ...crds];
  // Cached for all clusters without the parts that are not copied, which are about half of it.
  return {
    crds: all.map(copyOf),
    objects: [...(await unlabelled(api, objects)), ...objects].map(copyOf),
    strays: strayDeployments(found, vouch),
    namespaces:
      named.length > 0 ? named : namespaces.flatMap(({ metadata }) => metadata.name ?? []),
  };
}

/** Namespaces and ConfigMaps that the installer of a provider did not label. */
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
