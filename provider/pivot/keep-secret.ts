import { CLUSTER_LABEL, SOURCE_UID_ANNOTATION } from '../../lib/apis/ownership.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { isConflict, isNotFound } from '../../lib/kube/errors.ts';
import { titleOf } from '../core/pivot/identity.ts';

/**
 * keepSecret keeps a Secret as one of the provider, such as the kubeconfig by which the management side
 * continues to reach a cluster. It removes the owner references, so that the Secret is not deleted with the
 * cluster.
 */
export async function keepSecret(api: KubeApi, cluster: string, secret: KubeObject): Promise<void> {
  const { uid } = secret.metadata;
  const metadata = {
    uid,
    labels: { [CLUSTER_LABEL]: cluster },
    annotations: { [SOURCE_UID_ANNOTATION]: null },
    ownerReferences: null,
  };
  try {
    await wrapError(`keep ${titleOf(secret)}`, api.patch(refOf(secret), { metadata }));
  } catch (error) {
    if (!isNotFound(error) && !isConflict(error)) throw error;
  }
}
