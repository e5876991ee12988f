import { compositeTypes, compositeUidOf } from '../../lib/apis/composed.ts';
import { CLUSTER } from '../../capi/kinds.ts';
import { kubeconfigSecretOf } from '../../capi/object-names.ts';
import { AGENT_INSTALLATION, PIVOT } from '../../lib/apis/kinds.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { messageOf } from '../../lib/errors.ts';
import type { KubeApi, ObjectRef } from '../../lib/kube/api.ts';
import { isNoMatch, isUnreachable } from '../../lib/kube/errors.ts';
import type { Key } from '../../lib/reconcile/controller.ts';
import type { KubeconfigRef, ProviderDeps } from '../deps.ts';
import { inTime } from '../teardown/workload.ts';
import { missingKubeconfigIn, refusedSecretIn } from '../workload-clients.ts';

/** Inside is what a cluster says of itself. */
export type Inside =
  /** Its Cluster; undefined if it has none. */
  | { readonly kind: 'Heard'; readonly inside: KubeObject | undefined }
  /** Nothing is known; why, for a message. */
  | { readonly kind: 'Silent'; readonly failure: string };

/**
 * clusterInside returns the Cluster that a cluster has of itself. A kubeconfig can lead to another cluster, so that all of
 * them must answer, unless one leads to the Cluster that is meant.
 */
export async function clusterInside(
  deps: ProviderDeps,
  here: KubeObject,
  isMeant: (inside: KubeObject) => boolean,
): Promise<Inside> {
  const refs = await kubeconfigsOf(deps, here);
  const answers = await Promise.all(refs.map((ref) => answerOf(deps, ref)));
  const heard = answers.flatMap((answer) => (answer?.kind === 'Heard' ? [answer] : []));
  const meant = heard.find(({ inside }) => inside !== undefined && isMeant(inside));
  const silent = answers.find((answer) => answer?.kind === 'Silent');
  return meant ?? silent ?? heard.at(0) ?? { kind: 'Silent', failure: NO_KUBECONFIG };
}

const NO_KUBECONFIG = 'there is no Secret with its kubeconfig';

/** Undefined without a kubeconfig that may be used. */
async function answerOf(deps: ProviderDeps, ref: KubeconfigRef): Promise<Inside | undefined> {
  const { namespace, cluster: name } = ref;
  try {
    const api = await deps.workload(ref);
    return { kind: 'Heard', inside: await inTime(clusterIn(api, { namespace, name })) };
  } catch (error) {
    const isUnusable = missingKubeconfigIn(error) ?? refusedSecretIn(error);
    return isUnusable === undefined ? { kind: 'Silent', failure: messageOf(error) } : undefined;
  }
}

/** An API server that does not serve the kind has no Cluster; not all of them say so with 404. */
async function clusterIn(api: KubeApi, key: Key): Promise<KubeObject | undefined> {
  try {
    return await api.get({ ...CLUSTER, ...key });
  } catch (error) {
    if (isNoMatch(error)) return undefined;
    if (isUnreachable(error) || (await servesClusters(api))) throw error;
    return undefined;
  }
}

/** Also true for an answer that is no list of groups (`metav1.APIGroupList`), which proves nothing. */
async function servesClusters(api: KubeApi): Promise<boolean> {
  const groups = recordIn({ list: await api.raw('GET', '/apis') }, 'list')?.['groups'];
  if (!Array.isArray(groups)) return true;
  const [group = ''] = CLUSTER.apiVersion.split('/');
  return groups.some((one: unknown) => recordIn({ one }, 'one')?.['name'] === group);
}

/** The kubeconfig that the claim names, which the objects made of it repeat, and that of Cluster API. */
async function kubeconfigsOf(
  { management }: ProviderDeps,
  here: KubeObject,
): Promise<readonly KubeconfigRef[]> {
  const { namespace = '', name: cluster = '' } = here.metadata;
  const own = { namespace, cluster, ...kubeconfigSecretOf(cluster) };
  const refs: readonly ObjectRef[] = [
    { ...AGENT_INSTALLATION, namespace, name: cluster },
    { ...PIVOT, namespace, name: cluster },
    ...compositesOf(here),
  ];
  const found = await Promise.all(refs.map((ref) => management.get(ref)));
  const named = found
    .filter((object) => object !== undefined && !isOfAnother(object, here))
    .flatMap((object) => {
      const spec = recordIn(object, 'spec');
      const ref =
        recordIn(spec, 'kubeconfigSecretRef') ??
        recordIn(recordIn(spec, 'agent'), 'kubeconfigSecretRef');
      const name = ref?.['name'];
      if (typeof name !== 'string') return [];
      const key = typeof ref?.['key'] === 'string' ? ref['key'] : own.key;
      return [{ namespace, cluster, name, key }];
    });
  return distinct([...named, own]);
}

/** An object of the same name that was created for another composite. */
function isOfAnother(object: KubeObject, here: KubeObject): boolean {
  const [theirs, ours] = [compositeUidOf(object), compositeUidOf(here)];
  return theirs !== undefined && ours !== undefined && theirs !== ours;
}

function distinct(refs: readonly KubeconfigRef[]): readonly KubeconfigRef[] {
  return refs.filter(
    (one, index) =>
      refs.findIndex(({ name, key }) => name === one.name && key === one.key) === index,
  );
}

/** The composites that own a Cluster. */
function compositesOf({ metadata }: KubeObject): readonly ObjectRef[] {
  return (metadata.ownerReferences ?? []).flatMap(({ kind, name }) =>
    compositeTypes
      .filter((type) => type.kind === kind)
      .map((type) => ({ ...type, namespace: metadata.namespace ?? '', name })),
  );
}
