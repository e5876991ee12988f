/**
 * ACCESS_CONFIG_MAP in the namespace of the agent has the certificates with which Cluster API may write into its own
 * cluster (policy access, docs/decisions/0026). Without it every certificate of Cluster API may.
 */
export const ACCESS_CONFIG_MAP = 'managed-cluster-access';

/** ACCESS_KEYS are the keys of {@link ACCESS_CONFIG_MAP}. */
export const ACCESS_KEYS = {
  /** Epoch of the Cluster since its handover: the certificates of an earlier one are not admitted any more. */
  epoch: 'epoch',
  /** Credential ids, separated by blanks. */
  admitted: 'admitted',
} as const;

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
const MOST = 4;

/** Access is the content of {@link ACCESS_CONFIG_MAP}. */
export type Access = Readonly<Record<'epoch' | 'admitted', string>>;

/**
 * accessWith is the access with one more certificate, or undefined if it is admitted already. Another epoch begins
 * anew. Cluster API goes on with a connection whose certificate has been renewed (CAPI v1.14 ClusterCache connects
 * again only when the API server answers 401), so the certificates before stay.
 */
export function accessWith(
  present: Readonly<Record<string, unknown>> | undefined,
  epoch: string,
  id: string,
): Access | undefined {
  const admitted = present?.[ACCESS_KEYS.admitted];
  const same = present?.[ACCESS_KEYS.epoch] === epoch && typeof admitted === 'string';
  const before = same ? admitted.split(' ').filter((one) => one !== '') : [];
  if (before.includes(id)) return undefined;
  return { epoch, admitted: [...before, id].slice(-MOST).join(' ') };
}
