import type { KubeApi } from '../lib/kube/api.ts';

/** clusterUid identifies a cluster for its whole lifetime: the uid of its namespace kube-system; undefined without one. */
export async function clusterUid(api: KubeApi): Promise<string | undefined> {
  const namespace = await api.get({ apiVersion: 'v1', kind: 'Namespace', name: 'kube-system' });
  return namespace?.metadata.uid;
}
