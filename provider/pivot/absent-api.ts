import type { KubeApi } from '../../lib/kube/api.ts';
import { UnreachableError } from '../../lib/kube/errors.ts';

/**
 * absentApi stands for the API server of a cluster that nobody can reach any more, because the Secret with
 * its kubeconfig is gone: it holds nothing, and takes nothing. Only for a Pivot that is being deleted, so
 * that its deletion does not wait for ever.
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
