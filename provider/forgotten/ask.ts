import { CLUSTER } from '../../capi/kinds.ts';
import { CLUSTER_PLAN, PIVOT } from '../../lib/apis/kinds.ts';
import { FORGOTTEN, isForgotten } from '../../lib/apis/forgotten.ts';
import { OWNER_ANNOTATION } from '../../lib/apis/ownership.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { Key } from '../../lib/reconcile/controller.ts';
import { clusterUid } from '../cluster-uid.ts';
import {
  isBeingRemoved,
  standDownPatch,
  type Views,
  wasHandedOver,
} from '../core/forgotten/forgotten.ts';
import { compositeUidOf } from '../core/teardown/belonging.ts';
import type { ProviderDeps } from '../deps.ts';
import { clusterInside, compositesOf } from './inside.ts';

/** isToBeAsked reports whether a Cluster on the management side is of this product, so that it may have been handed over. */
export function isToBeAsked(cluster: KubeObject): boolean {
  const { annotations = {} } = cluster.metadata;
  return compositeUidOf(cluster) !== undefined || OWNER_ANNOTATION in annotations;
}

/** Answer is what came of asking a cluster. */
export type Answer =
  /** It is not, or no longer, to be asked. */
  | 'Never'
  /** It did not answer. */
  | 'None'
  /** It does not say that it manages itself, or this side knows that it does. */
  | 'Heard'
  /** It manages itself and this side did not know it. */
  | 'Forgotten';

/**
 * ask asks a cluster whether it manages itself. If it does and this side does not know why, its Cluster here is paused with
 * the owner that the cluster names, so that nobody on this side reconciles it.
 */
export async function ask(deps: ProviderDeps, key: Key): Promise<Answer> {
  const here = await deps.management.get({ ...CLUSTER, ...key });
  if (here === undefined || isForgotten(here) || isBeingRemoved(here)) return 'Never';
  if (!isToBeAsked(here) && (await pivotsOf(deps, key)).length === 0) return 'Never';
  const { heard, inside } = await clusterInside(deps, here);
  if (inside !== undefined && (await standDown(deps, here, inside))) return 'Forgotten';
  return heard ? 'Heard' : 'None';
}

async function standDown(
  deps: ProviderDeps,
  here: KubeObject,
  inside: KubeObject,
): Promise<boolean> {
  const { management, events, log } = deps;
  const views = { here, inside, management: await clusterUid(management) };
  if (!wasHandedOver({ ...views, pivots: [], handedOver: false })) return false;
  if (!wasHandedOver({ ...views, ...(await knowledgeOf(deps, here)) })) return false;
  const { namespace, name } = here.metadata;
  await wrapError(
    `pause Cluster ${namespace}/${name}`,
    management.patch(refOf(here), standDownPatch(here, inside)),
  );
  log.warn({ namespace, name }, 'cluster manages itself and this side does not know it');
  events.event(here, 'Warning', 'SelfManagedAlready', FORGOTTEN);
  return true;
}

/** The commit is stored in three places (docs/decisions/0005); it is looked up after the cluster was read. */
async function knowledgeOf(
  deps: ProviderDeps,
  here: KubeObject,
): Promise<Pick<Views, 'pivots' | 'handedOver'>> {
  const { management } = deps;
  const { namespace = '', name = '' } = here.metadata;
  const [pivots, plan, ...composites] = await Promise.all([
    pivotsOf(deps, { namespace, name }),
    management.get({ ...CLUSTER_PLAN, namespace, name }),
    ...compositesOf(here).map((ref) => management.get(ref)),
  ]);
  const handedOver =
    recordIn(plan, 'spec')?.['handedOver'] === true ||
    composites.some((composite) => recordIn(composite, 'status')?.['committed'] === true);
  return { pivots, handedOver };
}

async function pivotsOf(
  { management }: ProviderDeps,
  { namespace, name }: Key,
): Promise<readonly KubeObject[]> {
  const { items } = await management.list({ ...PIVOT, namespace });
  return items.filter((pivot) => recordIn(pivot, 'spec')?.['clusterName'] === name);
}
