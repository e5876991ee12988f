import { compositeUidOf } from '../../lib/apis/composed.ts';
import { CLUSTER } from '../../capi/kinds.ts';
import {
  CLUSTER_PLAN,
  MANAGED_CLUSTER_CLAIM,
  NAMESPACED_MANAGED_CLUSTER,
  PIVOT,
} from '../../lib/apis/kinds.ts';
import { FORGOTTEN, isForgotten } from '../../lib/apis/forgotten.ts';
import { OWNER_ANNOTATION } from '../../lib/apis/ownership.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { messageOf } from '../../lib/errors.ts';
import { isNoMatch } from '../../lib/kube/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { Key } from '../../lib/reconcile/controller.ts';
import { clusterUid } from '../cluster-uid.ts';
import {
  isBeingRemoved,
  isOurs,
  standDownPatch,
  type Views,
  wasHandedOver,
} from '../core/forgotten/forgotten.ts';
import type { ProviderDeps } from '../deps.ts';
import { clusterInside } from './inside.ts';

/** isToBeAsked reports whether a Cluster on the management side is of this product, so that it may have been handed over. */
export function isToBeAsked(cluster: KubeObject): boolean {
  const { annotations = {} } = cluster.metadata;
  return compositeUidOf(cluster) !== undefined || OWNER_ANNOTATION in annotations;
}

/** Answer is what came of asking a cluster. */
export type Answer =
  /** It is not, or no longer, to be asked. */
  | { readonly kind: 'Never' }
  /** It did not answer, for this reason. */
  | { readonly kind: 'Silent'; readonly failure: string }
  /** It does not say that it manages itself, or this side knows that it does. */
  | { readonly kind: 'Heard' }
  /** It manages itself and this side did not know it: its Cluster here is paused now. */
  | { readonly kind: 'Forgotten' };

/** NotPausedError says that the Cluster of a cluster that manages itself could not be paused here: nobody may act on it. */
export class NotPausedError extends Error {
  override readonly name = 'NotPausedError';
}

/**
 * ask asks a cluster whether it manages itself. If it does and this side does not know why, its Cluster here is paused with
 * the owner that the cluster names, so that nobody on this side reconciles it. Fails with {@link NotPausedError} if that is
 * refused.
 */
export async function ask(deps: ProviderDeps, key: Key): Promise<Answer> {
  const here = await deps.management.get({ ...CLUSTER, ...key });
  if (here === undefined || isForgotten(here) || isBeingRemoved(here)) return { kind: 'Never' };
  if (!isToBeAsked(here) && (await pivotsOf(deps, key)).length === 0) return { kind: 'Never' };
  const management = await clusterUid(deps.management);
  const answer = await clusterInside(deps, here, (inside) => isOurs({ here, inside, management }));
  if (answer.kind === 'Silent') return answer;
  const { inside } = answer;
  const isHandedOver =
    inside !== undefined && (await isForgottenHere(deps, { here, inside, management }));
  if (!isHandedOver) return { kind: 'Heard' };
  await standDown(deps, here, inside);
  return { kind: 'Forgotten' };
}

/** What this side knows is read only for a cluster that says so, and after it was asked. */
async function isForgottenHere(
  deps: ProviderDeps,
  seen: Pick<Views, 'here' | 'inside' | 'management'>,
): Promise<boolean> {
  if (!wasHandedOver({ ...seen, pivots: [], handedOver: false })) return false;
  return wasHandedOver({ ...seen, ...(await knowledgeOf(deps, seen.here)) });
}

async function standDown(deps: ProviderDeps, here: KubeObject, inside: KubeObject): Promise<void> {
  const { management, events, log } = deps;
  const { namespace, name } = here.metadata;
  try {
    await management.patch(refOf(here), standDownPatch(here, inside));
  } catch (cause) {
    throw new NotPausedError(`cannot pause Cluster ${namespace}/${name}: ${messageOf(cause)}`, {
      cause,
    });
  }
  log.warn({ namespace, name }, 'cluster manages itself and this side does not know it');
  events.event(here, 'Warning', 'SelfManagedAlready', FORGOTTEN);
}

/**
 * The commit is stored in three places (docs/decisions/0005). A released Cluster does not name its composite any more, so
 * it is found by the name of the cluster; a claim has the status of its composite.
 */
async function knowledgeOf(
  deps: ProviderDeps,
  here: KubeObject,
): Promise<Pick<Views, 'pivots' | 'handedOver'>> {
  const { management } = deps;
  const { namespace = '', name = '' } = here.metadata;
  const heads = [MANAGED_CLUSTER_CLAIM, NAMESPACED_MANAGED_CLUSTER];
  const [pivots, plan, ...found] = await Promise.all([
    pivotsOf(deps, { namespace, name }),
    management.get({ ...CLUSTER_PLAN, namespace, name }),
    ...heads.map((head) => orNone(management.get({ ...head, namespace, name }))),
  ]);
  const handedOver =
    recordIn(plan, 'spec')?.['handedOver'] === true ||
    found.some((head) => recordIn(head, 'status')?.['committed'] === true);
  return { pivots, handedOver };
}

/** An installation can serve one of the two kinds only. */
async function orNone(found: Promise<KubeObject | undefined>): Promise<KubeObject | undefined> {
  try {
    return await found;
  } catch (error) {
    if (isNoMatch(error)) return undefined;
    throw error;
  }
}

async function pivotsOf(
  { management }: ProviderDeps,
  { namespace, name }: Key,
): Promise<readonly KubeObject[]> {
  const { items } = await management.list({ ...PIVOT, namespace });
  return items.filter((pivot) => recordIn(pivot, 'spec')?.['clusterName'] === name);
}
