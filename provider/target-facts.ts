import { AGENT_NAMESPACE, BOOTSTRAP_KEYS, BOOTSTRAP_SECRET } from '../lib/apis/agent.ts';
import { secretText } from '../lib/core/secret-data.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import { clusterUid } from './cluster-uid.ts';
import type { ClusterName, TargetFacts } from './core/installation/target-refusal.ts';

/** targetFacts returns which cluster a kubeconfig connects to. Fails if the cluster does not say. */
export async function targetFacts(workload: KubeApi): Promise<TargetFacts> {
  const [uid, agentOf] = await Promise.all([clusterUid(workload), clusterOfAgent(workload)]);
  if (uid === undefined) {
    throw new Error('cannot identify the cluster: it has no namespace kube-system yet');
  }
  return { uid, agentOf };
}

async function clusterOfAgent(workload: KubeApi): Promise<ClusterName | undefined> {
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: AGENT_NAMESPACE };
  const secret = await workload.get({ ...ref, name: BOOTSTRAP_SECRET });
  const namespace = secretText(secret, BOOTSTRAP_KEYS.namespace);
  const name = secretText(secret, BOOTSTRAP_KEYS.cluster);
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}
