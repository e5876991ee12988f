import { CLUSTER } from '../../capi/kinds.ts';
import { MANAGEMENT_ANNOTATION } from '../../lib/apis/ownership.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { causesOf, messageOf, wrapError } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { isNoMatch, StatusError } from '../../lib/kube/errors.ts';
import { clusterUid } from '../cluster-uid.ts';
import type { ClusterName } from '../core/installation/target-refusal.ts';
import { ownershipOf } from '../core/pivot/ownership.ts';
import type { Scope } from './part.ts';

/** managedBy returns the uid of the management side that a self-managed cluster belongs to; undefined if it does not say. */
export async function managedBy(
  workload: KubeApi,
  cluster: ClusterName,
): Promise<string | undefined> {
  const root = await selfManaged(workload, cluster);
  return root?.metadata.annotations?.[MANAGEMENT_ANNOTATION];
}

/**
 * markManagement says in a self-managed cluster that it belongs to this management side, unless it says something.
 * Returns why it could not: the webhooks of Cluster API may be what has to be repaired first.
 */
export async function markManagement(scope: Scope): Promise<string | undefined> {
  try {
    await marked(scope);
    return undefined;
  } catch (error) {
    return messageOf(error);
  }
}

async function marked(scope: Scope): Promise<void> {
  const { deps, namespace, cluster: name } = scope;
  const workload = await scope.workload();
  const root = await selfManaged(workload, { namespace, name });
  if (root === undefined || root.metadata.annotations?.[MANAGEMENT_ANNOTATION] !== undefined)
    return;
  const uid = await clusterUid(deps.management);
  if (uid === undefined) return;
  const { resourceVersion } = root.metadata;
  const metadata = { resourceVersion, annotations: { [MANAGEMENT_ANNOTATION]: uid } };
  const ref = { ...CLUSTER, namespace, name };
  await wrapError('mark the Cluster in the cluster', workload.patch(ref, { metadata }));
}

function isServerError(error: unknown): boolean {
  return causesOf(error).some((cause) => cause instanceof StatusError && cause.code >= 500);
}

async function selfManaged(
  workload: KubeApi,
  { namespace, name }: ClusterName,
): Promise<KubeObject | undefined> {
  try {
    const root = await workload.get({ ...CLUSTER, namespace, name });
    return root !== undefined && ownershipOf(root).owner === 'workload' ? root : undefined;
  } catch (error) {
    // A broken conversion must not keep the parts from repairing what is behind it.
    if (isNoMatch(error) || isServerError(error)) return undefined;
    throw error;
  }
}
