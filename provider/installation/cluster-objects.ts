import { BOOTSTRAP_TEMPLATE, CLUSTER, MACHINE } from '../../capi/kinds.ts';
import { type KubeObject, isRecord } from '../../lib/core/object.ts';
import type { KubeApi, ObjectRef } from '../../lib/kube/api.ts';
import { isNoMatch } from '../../lib/kube/errors.ts';
import { textIn } from '../core/installation/json.ts';
import { type GroupKind, storedVersion } from '../core/installation/selection.ts';
import { eachOf } from './apply.ts';

/**
 * ALWAYS_NEEDED lists the kinds of node pools, which are created after the pivot, when providers are no
 * longer selected from the management side.
 */
export const ALWAYS_NEEDED: readonly GroupKind[] = [
  { group: 'bootstrap.cluster.x-k8s.io', kind: BOOTSTRAP_TEMPLATE.kind },
];

/**
 * clusterObjects returns the Cluster, the objects that it refers to, and one Machine with the objects that
 * it refers to: one object of each kind that the cluster uses. Empty on the side without the Cluster.
 */
export async function clusterObjects(
  api: KubeApi,
  crds: readonly KubeObject[],
  { namespace, name }: { readonly namespace: string; readonly name: string },
): Promise<readonly KubeObject[]> {
  const cluster = await found(api, { ...CLUSTER, namespace, name });
  if (cluster === undefined) return [];
  const [[machine], heads] = await Promise.all([
    machinesOf(api, namespace, name),
    referred(api, crds, cluster),
  ]);
  const below = await eachOf(machine === undefined ? heads : [...heads, machine], (object) =>
    referred(api, crds, object),
  );
  const all = [cluster, ...heads, ...(machine === undefined ? [] : [machine]), ...below.flat()];
  return [
    ...new Map(all.map((object) => [`${object.apiVersion} ${object.kind}`, object])).values(),
  ];
}

async function machinesOf(
  api: KubeApi,
  namespace: string,
  name: string,
): Promise<readonly KubeObject[]> {
  const { items } = await api.list(
    { ...MACHINE, namespace },
    { labelSelector: `cluster.x-k8s.io/cluster-name=${name}` },
  );
  return items;
}

/** The objects that `spec` refers to by group, kind and name (v1beta2), at any depth. */
async function referred(
  api: KubeApi,
  crds: readonly KubeObject[],
  object: KubeObject,
): Promise<readonly KubeObject[]> {
  const references = referencesIn(object['spec']);
  const objects = await eachOf(references, async ({ group, kind, name }) => {
    const version = storedVersion({ group, kind }, crds);
    if (version === undefined) return [];
    const { namespace = '' } = object.metadata;
    const one = await found(api, { apiVersion: `${group}/${version}`, kind, namespace, name });
    return one === undefined ? [] : [one];
  });
  return objects.flat();
}

interface Reference extends GroupKind {
  readonly name: string;
}

function referencesIn(value: unknown): readonly Reference[] {
  if (Array.isArray(value)) return value.flatMap(referencesIn);
  if (!isRecord(value)) return [];
  const [group, kind, name] = ['apiGroup', 'kind', 'name'].map((field) => textIn(value, field));
  if (group !== undefined && kind !== undefined && name !== undefined) {
    return [{ group, kind, name }];
  }
  return Object.values(value).flatMap(referencesIn);
}

async function found(api: KubeApi, ref: ObjectRef): Promise<KubeObject | undefined> {
  try {
    return await api.get(ref);
  } catch (error) {
    if (isNoMatch(error)) return undefined;
    throw error;
  }
}
