import { AGENT_NAMESPACE, BOOTSTRAP_KEYS, BOOTSTRAP_SECRET } from '../../lib/apis/agent.ts';
import { causesOf, wrapError } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import {
  type ClusterName,
  type Expected,
  type Refusal,
  targetRefusal,
} from '../core/installation/target-refusal.ts';
import { secretText } from '../../lib/core/secret-data.ts';

/** RefusedTargetError says that a kubeconfig connects to a cluster that must not be written to. */
export class RefusedTargetError extends Error {
  override readonly name = 'RefusedTargetError';
  readonly reason: Refusal['reason'];

  constructor({ reason, message }: Refusal) {
    super(message);
    this.reason = reason;
  }
}

/** refusedTargetIn returns the refusal in the causes of an error; undefined if there is none. */
export function refusedTargetIn(error: unknown): RefusedTargetError | undefined {
  return causesOf(error).find((cause) => cause instanceof RefusedTargetError);
}

/**
 * provenTarget returns the uid of a workload cluster (of its namespace kube-system) if it is the expected
 * one. Fails with {@link RefusedTargetError} if it is not, and with another error if this cannot be
 * determined.
 */
export async function provenTarget(
  workload: KubeApi,
  management: KubeApi,
  expected: Omit<Expected, 'managementUid'>,
): Promise<string> {
  const [uid, managementUid, agentOf] = await wrapError(
    'identify the cluster',
    Promise.all([clusterUid(workload), clusterUid(management), clusterOfAgent(workload)]),
  );
  if (uid === undefined) {
    throw new Error('cannot identify the cluster: it has no namespace kube-system yet');
  }
  const refusal = targetRefusal({ uid, agentOf }, { ...expected, managementUid });
  if (refusal !== undefined) throw new RefusedTargetError(refusal);
  return uid;
}

async function clusterUid(api: KubeApi): Promise<string | undefined> {
  const namespace = await api.get({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' });
  return namespace?.metadata.uid;
}

async function clusterOfAgent(workload: KubeApi): Promise<ClusterName | undefined> {
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: AGENT_NAMESPACE };
  const secret = await workload.get({ ...ref, name: BOOTSTRAP_SECRET });
  const namespace = secretText(secret, BOOTSTRAP_KEYS.namespace);
  const name = secretText(secret, BOOTSTRAP_KEYS.cluster);
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}
