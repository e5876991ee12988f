/** KubeconfigSecret names a Secret with a kubeconfig, and the key that it is under. */
export interface KubeconfigSecret {
  readonly name: string;
  readonly key: string;
}

/** kubeconfigSecretOf is the Secret that Cluster API makes for a cluster (CAPI v1.14 util/secret). */
export function kubeconfigSecretOf(cluster: string): KubeconfigSecret {
  return { name: `${cluster}-kubeconfig`, key: 'value' };
}
