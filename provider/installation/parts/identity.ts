import { agentClusterOf } from '../../../lib/apis/composed.ts';
import { AGENTS_NAMESPACE } from '../../../lib/apis/agent.ts';
import type { AgentInstallation } from '../../../lib/apis/agent-installation.generated.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { isNotFound } from '../../../lib/kube/errors.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';
import { doneWith, stalled, wait } from '../../../lib/reconcile/outcome.ts';
import { managementIdentity } from '../../core/installation/management-identity.ts';
import { deleteStamped, ensureStamped, nameTakenIn } from '../../stamped.ts';
import { eachOf, FIELD_MANAGER } from '../apply.ts';
import type { Part, PartOutcome, Scope } from '../part.ts';

/**
 * identity creates the identity of the agent on the management side: ServiceAccount and Lease in the namespace of all
 * agents, Roles and RoleBindings there and in the namespace of the cluster.
 */
export const identity: Part = {
  name: 'Identity',
  needs: [],
  async run({ deps, installation, cluster, secrets }: Scope): Promise<PartOutcome> {
    const { tokenDays, revoked } = installation.spec;
    if (revoked === true) {
      await removeIdentity(deps.management, installation);
      return stalled(
        'AgentRevoked',
        'The agent has no access to the management side, because agent.revoked of the claim, or only spec.revoked of the AgentInstallation, is true; the cluster keeps running, and changes are not applied until both are false',
      );
    }
    const named = agentClusterOf(installation, cluster);
    try {
      await ensureIdentity(deps.management, managementIdentity(named, secrets.usable, tokenDays));
      return doneWith({});
    } catch (error) {
      const taken = nameTakenIn(error);
      if (taken !== undefined) return stalled('NameTaken', taken.message);
      if (!isNotFound(error)) throw error;
      return unfound(deps.management, error);
    }
  },
};

/** RBAC refuses to bind a Role that does not exist yet. */
async function ensureIdentity(management: KubeApi, objects: readonly KubeObject[]): Promise<void> {
  const bindings = objects.filter(({ kind }) => kind === 'RoleBinding');
  const others = objects.filter((object) => !bindings.includes(object));
  await eachOf(others, (object) => ensureStamped(management, object, FIELD_MANAGER));
  await eachOf(bindings, (object) => ensureStamped(management, object, FIELD_MANAGER));
}

/**
 * A RoleBinding is also answered with 404 for a moment after its Role was created, because the API server checks it
 * with a cache (Kubernetes v1.36 pkg/registry/rbac/rolebinding/policybased).
 */
async function unfound(management: KubeApi, cause: unknown): Promise<PartOutcome> {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', name: AGENTS_NAMESPACE };
  if ((await management.get(namespace)) !== undefined) {
    return wait('WaitingForIdentity', 'Waiting for the API server to know the Role of the agent');
  }
  const message = `namespace ${AGENTS_NAMESPACE} does not exist: install package/rbac/provider.yaml, or the chart`;
  throw new Error(message, { cause });
}

/**
 * removeIdentity deletes the identity of the agent from the management side, which also revokes its tokens.
 * Objects without the stamp of this cluster are kept. The workload cluster is not contacted.
 */
export async function removeIdentity(
  management: KubeApi,
  installation: AgentInstallation,
): Promise<void> {
  const cluster = agentClusterOf(installation, installation.spec.clusterName);
  // The RoleBindings first: without them the token has no permissions.
  const objects = managementIdentity(cluster, []).toReversed();
  await eachOf(objects, (object) => deleteStamped(management, object));
}
