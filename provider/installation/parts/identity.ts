import { CLUSTER_LABEL } from '../../../lib/apis/ownership.ts';
import { refOf } from '../../../lib/kube/addresses.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import { doneWith } from '../../../lib/reconcile/outcome.ts';
import { managementIdentity } from '../../core/installation/management-identity.ts';
import { eachOf, ensureObjects } from '../apply.ts';
import type { Part, PartOutcome, Scope } from '../part.ts';

/**
 * identity creates the identity of the agent on the management side: ServiceAccount, Role, RoleBinding,
 * Lease.
 */
export const identity: Part = {
  name: 'Identity',
  needs: [],
  async run({ deps, namespace, cluster, secrets }: Scope): Promise<PartOutcome> {
    const objects = managementIdentity({ namespace, name: cluster }, secrets.usable);
    await ensureObjects(deps.management, objects);
    return doneWith({});
  },
};

/**
 * removeIdentity deletes the identity of the agent from the management side, which also revokes its tokens.
 * Objects with the label of another cluster are kept. The workload cluster is not contacted.
 */
export async function removeIdentity(
  management: KubeApi,
  cluster: { readonly namespace: string; readonly name: string },
): Promise<void> {
  // The RoleBinding first: without it the token has no permissions.
  const objects = managementIdentity(cluster, []).toReversed();
  await eachOf(objects, async (object) => {
    const found = await management.get(refOf(object));
    const { uid, labels } = found?.metadata ?? {};
    if (labels?.[CLUSTER_LABEL] !== cluster.name || uid === undefined) return;
    await management.delete(refOf(object), { preconditions: { uid } });
  });
}
