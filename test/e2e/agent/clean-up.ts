import { waitFor } from '@managed-cluster/toolchain';
import { AGENT_NAME, AGENT_NAMESPACE, LAYERS_NAME } from '../../../lib/apis/agent.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';

const RBAC = 'rbac.authorization.k8s.io/v1';

/** cleanUp removes what an agent has left on both sides, so that the next test finds none of it. */
export async function cleanUp(
  management: KubeApi,
  workload: KubeApi,
  namespace: string,
): Promise<void> {
  const kinds = ['ClusterRoleBinding', 'ClusterRole'];
  const rights = kinds.flatMap((kind) =>
    [AGENT_NAME, LAYERS_NAME].map((name) => ({ apiVersion: RBAC, kind, name })),
  );
  await Promise.all(rights.map((ref) => workload.delete(ref)));
  const layers = ['ns-one', 'ns-two', 'ns-three', 'hello-ns'];
  await Promise.all([
    gone(management, namespace),
    ...[AGENT_NAMESPACE, namespace, ...layers].map((name) => gone(workload, name)),
  ]);
}

async function gone(api: KubeApi, name: string): Promise<void> {
  const ref = { apiVersion: 'v1', kind: 'Namespace', name };
  await api.delete(ref);
  await waitFor({
    what: `namespace ${name} to be gone`,
    timeoutMs: 60_000,
    look: async () => ((await api.get(ref)) === undefined ? true : undefined),
  });
}
