import { setTimeout as sleep } from 'node:timers/promises';
import { CLUSTER } from '../../capi/kinds.ts';
import { kubeconfigSecretOf } from '../../capi/object-names.ts';
import { AGENT_INSTALLATION, PIVOT } from '../../lib/apis/kinds.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { messageOf } from '../../lib/errors.ts';
import type { ObjectRef } from '../../lib/kube/api.ts';
import { isNoMatch, UnreachableError } from '../../lib/kube/errors.ts';
import { compositeUidOf } from '../core/teardown/belonging.ts';
import { compositeTypes } from '../core/teardown/subject.ts';
import type { KubeconfigRef, ProviderDeps } from '../deps.ts';

/** Others wait for the answer, in milliseconds. */
const ANSWER_MS = 5000;

/** Inside is what a cluster says of itself. */
export interface Inside {
  /** A cluster has answered, with or without a Cluster. */
  readonly heard: boolean;
  readonly inside: KubeObject | undefined;
}

/**
 * clusterInside returns the Cluster that a cluster has of itself. Nothing is heard if it does not answer (yet), or if this
 * side has no kubeconfig: it is asked again.
 */
export async function clusterInside(deps: ProviderDeps, here: KubeObject): Promise<Inside> {
  let heard = false;
  for (const ref of await kubeconfigsOf(deps, here)) {
    // oxlint-disable-next-line no-await-in-loop -- the first one that leads to the cluster is enough
    const answer = await answerOf(deps, ref);
    heard ||= answer.heard;
    if (answer.inside !== undefined) return answer;
  }
  return { heard, inside: undefined };
}

async function answerOf(deps: ProviderDeps, ref: KubeconfigRef): Promise<Inside> {
  const { namespace, cluster: name } = ref;
  try {
    const api = await deps.workload(ref);
    const inside = await inTime(api.get({ ...CLUSTER, namespace, name }));
    return { heard: true, inside };
  } catch (error) {
    if (isNoMatch(error)) return { heard: true, inside: undefined };
    deps.log.debug({ cluster: name, namespace, error: messageOf(error) }, 'no answer');
    return { heard: false, inside: undefined };
  }
}

async function inTime<Result>(work: Promise<Result>): Promise<Result> {
  const abort = new AbortController();
  const late = sleep(ANSWER_MS, undefined, { signal: abort.signal }).then(() => {
    throw new UnreachableError(`the cluster did not answer within ${ANSWER_MS / 1000} s`);
  });
  late.catch(() => undefined);
  work.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    abort.abort();
  }
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

/** compositesOf returns the references to the composites that own a Cluster. */
export function compositesOf({ metadata }: KubeObject): readonly ObjectRef[] {
  return (metadata.ownerReferences ?? []).flatMap(({ kind, name }) =>
    compositeTypes
      .filter((type) => type.kind === kind)
      .map((type) => ({ ...type, namespace: metadata.namespace ?? '', name })),
  );
}
