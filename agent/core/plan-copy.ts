import type { ClusterPlan } from '../../lib/apis/cluster-plan.generated.ts';
import { CLUSTER_PLAN } from '../../lib/apis/kinds.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { covers } from '../../lib/core/subset.ts';
import { sameJson } from './applied.ts';

/** GENERATION_ANNOTATION on the local copy of a plan: the generation on the management side. */
export const GENERATION_ANNOTATION = 'managedcluster.io/management-generation';

/** UID_ANNOTATION on the local copy: which object of the management side it was made from. */
export const UID_ANNOTATION = 'managedcluster.io/management-uid';

/** Copy is what to do with the local copy of a plan. */
export type Copy =
  | { readonly kind: 'Current' }
  | { readonly kind: 'ChangedInside'; readonly message: string }
  | { readonly kind: 'Create' | 'Replace'; readonly object: KubeObject }
  | { readonly kind: 'Ignore'; readonly message: string };

/**
 * copyOf decides what the local copy becomes when the management side shows a plan. A plan that is
 * gone, or going, changes nothing: losing it never tears anything down (DESIGN 7). A plan of an older
 * epoch comes from a backup, or from a side that does not know yet that it has lost the cluster. What
 * was changed inside, as one does while the link is cut, holds until the claim changes.
 */
export function copyOf(
  shown: ClusterPlan | undefined,
  local: ClusterPlan | undefined,
  namespace: string,
): Copy {
  if (shown === undefined || shown.metadata.deletionTimestamp !== undefined) {
    return { kind: 'Current' };
  }
  const { name = '' } = shown.metadata;
  if (local === undefined) {
    const metadata = { name, namespace, annotations: origin(shown) };
    return { kind: 'Create', object: { ...CLUSTER_PLAN, metadata, spec: shown.spec } };
  }
  const [theirs, ours] = [shown.spec.epoch, local.spec.epoch];
  if (theirs < ours) {
    return {
      kind: 'Ignore',
      message: `The plan on the management side is of epoch ${theirs}, older than epoch ${ours} that the cluster works on: it is ignored until its epoch is ${ours} or more`,
    };
  }
  const { annotations } = local.metadata;
  if (covers(annotations, origin(shown))) {
    return sameJson(local.spec, shown.spec)
      ? { kind: 'Current' }
      : {
          kind: 'ChangedInside',
          message:
            'The plan was changed inside the cluster: that holds until the claim changes, so write it into the claim too',
        };
  }
  const metadata = { ...local.metadata, annotations: { ...annotations, ...origin(shown) } };
  return { kind: 'Replace', object: { ...local, metadata, spec: shown.spec } };
}

/** observedGeneration is the generation of the management side's plan that a local copy was made from. */
export function observedGeneration(local: KubeObject): number | undefined {
  const text = local.metadata.annotations?.[GENERATION_ANNOTATION];
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
}

function origin({ metadata }: KubeObject): Readonly<Record<string, string>> {
  const { generation = 0, uid = '' } = metadata;
  return { [GENERATION_ANNOTATION]: String(generation), [UID_ANNOTATION]: uid };
}
