import { CLUSTER } from '../../capi/kinds.ts';
import { kubeconfigSecretOf } from '../../capi/object-names.ts';
import { ACCESS_ANNOTATION, ACCESS_LIST, accessWith } from '../../lib/apis/access.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { clusterApiCredentialIn, credentialIn } from '../../lib/kube/credential-id.ts';
import { ownershipOf } from '../core/pivot/ownership.ts';
import type { Scope } from './part.ts';

/**
 * shutOthers lets a cluster that manages itself refuse every other certificate of Cluster API than that of its own, once
 * the management side does not use another one itself. While the management side owns the cluster, everything is
 * admitted. The agent admits the certificates that Cluster API renews later (agent/access-keeper.ts). Returns what a
 * user should know if nothing is refused.
 */
export async function shutOthers(scope: Scope): Promise<string | undefined> {
  const { namespace, cluster } = scope;
  const workload = await scope.workload();
  const { name, key } = kubeconfigSecretOf(cluster);
  const [root, secret, map] = await Promise.all([
    workload.get({ ...CLUSTER, namespace, name: cluster }),
    workload.get({ apiVersion: 'v1', kind: 'Secret', namespace, name }),
    workload.get(ACCESS_LIST),
  ]);
  const owner = root === undefined ? 'management' : ownershipOf(root).owner;
  if (owner === 'management' && map !== undefined) await workload.delete(ACCESS_LIST);
  const id = credentialIn(secret, key);
  if (owner !== 'workload' || id === undefined) return undefined;
  if (map === undefined) {
    if (!isFresh(secret)) return undefined;
    const other = await usedHere(scope, id);
    if (other !== undefined) return other.remark;
  }
  await admit(workload, map, accessWith(recordIn(map, 'data'), id));
  return undefined;
}

/** Why the cluster would refuse the provider itself; undefined if it would not. */
async function usedHere(
  { deps, installation, namespace, cluster }: Scope,
  id: string,
): Promise<{ readonly remark: string | undefined } | undefined> {
  const { name, key } = installation.spec.kubeconfigSecretRef;
  const secret = await deps.management.get({ apiVersion: 'v1', kind: 'Secret', namespace, name });
  const used = clusterApiCredentialIn(secret, key);
  if (secret !== undefined && (used === undefined || used === id)) return undefined;
  // Cluster API's own Secret is renewed within minutes.
  if (name === kubeconfigSecretOf(cluster).name) return { remark: undefined };
  return {
    remark: `The cluster does not refuse the certificate that Cluster API used before the handover, because Secret ${namespace}/${name} has it: put another user's credential there, or the present kubeconfig of Secret ${namespace}/${kubeconfigSecretOf(cluster).name} in the cluster`,
  };
}

async function admit(
  workload: KubeApi,
  map: KubeObject | undefined,
  data: Readonly<Record<string, string>> | undefined,
): Promise<void> {
  if (data === undefined) return;
  const { apiVersion, kind, ...metadata } = ACCESS_LIST;
  await wrapError(
    `write ConfigMap ${metadata.namespace}/${metadata.name} in the cluster`,
    map === undefined
      ? workload.create({ apiVersion, kind, metadata, data })
      : workload.patch(ACCESS_LIST, { data }),
  );
}

/** The handover has issued another certificate for it. */
function isFresh(secret: KubeObject | undefined): boolean {
  return secret?.metadata.annotations?.[ACCESS_ANNOTATION] !== undefined;
}

/** isReplaced reports whether a kubeconfig in a cluster is another one than that which its management side had. */
export function isReplaced(secret: KubeObject | undefined, kept: KubeObject, key: string): boolean {
  return isFresh(secret) && credentialIn(secret, key) !== credentialIn(kept, key);
}
