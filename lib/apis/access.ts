import type { ObjectRef } from '../kube/api.ts';
import { AGENT_NAMESPACE } from './agent.ts';

/**
 * ACCESS_CONFIG_MAP in the namespace of the agent has the certificates with which Cluster API may write into its own
 * cluster (policy access, docs/decisions/0026). Without it every certificate of Cluster API may.
 */
export const ACCESS_CONFIG_MAP = 'managed-cluster-access';

/** ACCESS_LIST refers to it. */
export const ACCESS_LIST: ObjectRef = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace: AGENT_NAMESPACE,
  name: ACCESS_CONFIG_MAP,
};

/**
 * ACCESS_KEY is the key of {@link ACCESS_CONFIG_MAP} with the credential ids, separated by blanks. `*` among them admits
 * every certificate, and stays: the way in for an administrator when all else fails.
 */
export const ACCESS_KEY = 'admitted';

/**
 * ACCESS_ANNOTATION on Cluster API's kubeconfig inside a cluster is the epoch of the pivot that replaced its
 * certificate, which makes it another one than that on the management side.
 */
export const ACCESS_ANNOTATION = 'managedcluster.io/access-epoch';

/**
 * CREDENTIAL_ID is the extra of a user that names the certificate of a request (Kubernetes ≥ 1.32,
 * k8s.io/apiserver pkg/authentication/user CredentialIDKey).
 */
export const CREDENTIAL_ID = 'authentication.kubernetes.io/credential-id';

/** Certificates that are admitted at the same time: those of past renewals can still be in use. */
const MOST = 8;

/**
 * accessWith is the data of {@link ACCESS_CONFIG_MAP} with one more certificate, or undefined if it is admitted already.
 * Cluster API goes on with a connection whose certificate has been renewed (CAPI v1.14 ClusterCache connects again only
 * when the API server answers 401), so the certificates before stay. A new handover begins with an empty list.
 */
export function accessWith(
  present: Readonly<Record<string, unknown>> | undefined,
  id: string,
): Readonly<Record<string, string>> | undefined {
  const admitted = present?.[ACCESS_KEY];
  const before =
    typeof admitted === 'string' ? admitted.split(' ').filter((one) => one !== '') : [];
  if (before.includes(id) || before.includes('*')) return undefined;
  return { [ACCESS_KEY]: [...before, id].slice(-MOST).join(' ') };
}
