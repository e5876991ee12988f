import type { KubeApi } from '../../lib/kube/api.ts';
import { UnreachableError } from '../../lib/kube/errors.ts';

/**
 * absentApi replaces the API server of a cluster that cannot be reached any more because the Secret with
 * its kubeconfig does not exist: it has no objects and rejects writes. Used only for a Pivot that is being
 * deleted, so that the deletion does not wait forever.
 */
export const absentApi: KubeApi = {
  get: () => Promise.resolve(undefined),
  list: () => Promise.resolve({ resourceVersion: '', items: [] }),
  create: refuse,
  replace: refuse,
  apply: refuse,
  patch: refuse,
  delete: refuse,
  raw: refuse,
  watch: refuse,
};

function refuse(): Promise<never> {
  return Promise.reject(new UnreachableError('the kubeconfig of the cluster no longer exists'));
}
