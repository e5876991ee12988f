import type { KubeObject } from '../../../lib/core/object.ts';
import { recordIn } from '../../../lib/core/object.ts';
import type { KubeApi } from '../../../lib/kube/api.ts';

const FORGED = Buffer.from('forged').toString('base64');

/** poison is what root in a cluster adds and changes, in the hope that it reaches the management side. */
export async function poison(api: KubeApi, name: string): Promise<void> {
  await Promise.all([
    ...hostileSecrets(name).map((secret) => api.create(secret)),
    api.create({
      apiVersion: 'cluster.x-k8s.io/v1beta2',
      kind: 'Cluster',
      metadata: metadataOf(name, 'miner'),
      spec: {
        paused: true,
        infrastructureRef: {
          apiGroup: 'infrastructure.cluster.x-k8s.io',
          kind: 'DevCluster',
          name: 'miner',
        },
      },
    }),
    api.patch(
      { apiVersion: 'v1', kind: 'Secret', namespace: name, name: `${name}-kubeconfig` },
      { data: { value: FORGED } },
    ),
  ]);
}

function hostileSecrets(name: string): readonly KubeObject[] {
  return ['next-cluster-ca', `${name}-cp-evil`].map((secret) => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: metadataOf(name, secret),
    type: 'cluster.x-k8s.io/secret',
    data: { 'tls.crt': FORGED, 'tls.key': FORGED, value: FORGED },
  }));
}

function metadataOf(namespace: string, name: string): KubeObject['metadata'] {
  return { namespace, name, labels: { 'cluster.x-k8s.io/cluster-name': namespace } };
}

/** forgedIn is what of it is on a side: Clusters of other names, and Secrets with a forged content. */
export async function forgedIn(api: KubeApi, namespace: string): Promise<readonly string[]> {
  const [clusters, secrets] = await Promise.all([
    api.list({ apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Cluster', namespace }),
    api.list({ apiVersion: 'v1', kind: 'Secret', namespace }),
  ]);
  return [
    ...clusters.items.filter(({ metadata }) => metadata.name !== namespace),
    ...secrets.items.filter((one) => Object.values(recordIn(one, 'data') ?? {}).includes(FORGED)),
  ].map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}

/** cleanUp removes what a take-back has left in the cluster. */
export async function cleanUp(api: KubeApi, name: string): Promise<void> {
  const miner = { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Cluster', namespace: name };
  await api.delete({ ...miner, name: 'miner' });
  // It is paused, so no controller would remove the finalizer; before the deletion one would add it again.
  await api.patch({ ...miner, name: 'miner' }, { metadata: { finalizers: null } });
  await Promise.all(
    hostileSecrets(name).map(({ metadata }) =>
      api.delete({
        apiVersion: 'v1',
        kind: 'Secret',
        namespace: name,
        name: metadata.name ?? '',
      }),
    ),
  );
}
