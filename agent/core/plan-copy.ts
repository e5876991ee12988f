import type { ClusterPlan } from '../../lib/apis/cluster-plan.generated.ts';
import { CLUSTER_PLAN } from '../../lib/apis/kinds.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { covers } from '../../lib/core/subset.ts';
import { sameJson } from './applied.ts';

/** GENERATION_ANNOTATION on the local copy of a plan has its generation on the management side. */
export const GENERATION_ANNOTATION = 'managedcluster.io/management-generation';

/** UID_ANNOTATION on the local copy has the UID of the plan on the management side. */
export const UID_ANNOTATION = 'managedcluster.io/management-uid';

/** Copy is the decision about the local copy of a plan. */
export type Copy =
  | { readonly kind: 'Current' }
  | { readonly kind: 'ChangedInside'; readonly message: string }
  | { readonly kind: 'Create' | 'Replace'; readonly object: KubeObject }
  | { readonly kind: 'Ignore'; readonly message: string };

/**
 * copyOf decides about the local copy of the plan on the management side. A plan that is deleted or being
 * deleted changes nothing: its loss never tears anything down (DESIGN 7). A plan with an older epoch comes
 * from a backup, or from a side that does not know yet that it lost the cluster. A change inside the
 * cluster, for example during a network outage, is kept until the claim changes.
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
      message: `The plan on the management side has epoch ${theirs}, but the cluster has already accepted epoch ${ours}: the plan is ignored until its epoch is at least ${ours}`,
    };
  }
  const { annotations } = local.metadata;
  if (covers(annotations, origin(shown))) {
    return sameJson(local.spec, shown.spec)
      ? { kind: 'Current' }
      : {
          kind: 'ChangedInside',
          message:
            'The plan was changed inside the cluster; the change is lost when the claim changes, so make it in the claim too',
        };
  }
  const metadata = { ...local.metadata, annotations: { ...annotations, ...origin(shown) } };
  return { kind: 'Replace', object: { ...local, metadata, spec: shown.spec } };
}

/** observedGeneration is the generation of the plan on the management side that a local copy has. */
export function observedGeneration(local: KubeObject): number | undefined {
  const text = local.metadata.annotations?.[GENERATION_ANNOTATION];
  return text === undefined || !/^\d+$/.test(text) ? undefined : Number(text);
}

function origin({ metadata }: KubeObject): Readonly<Record<string, string>> {
  const { generation = 0, uid = '' } = metadata;
  return { [GENERATION_ANNOTATION]: String(generation), [UID_ANNOTATION]: uid };
}
