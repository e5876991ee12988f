import { CLUSTER } from '../../capi/kinds.ts';
import { kubeconfigSecretOf } from '../../capi/object-names.ts';
import {
  type Access,
  ACCESS_ANNOTATION,
  ACCESS_CONFIG_MAP,
  accessWith,
} from '../../lib/apis/access.ts';
import { AGENT_NAMESPACE } from '../../lib/apis/agent.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { recordIn } from '../../lib/core/object.ts';
import { wrapError } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { credentialIn } from '../../lib/kube/credential-id.ts';
import { ownershipOf } from '../core/pivot/ownership.ts';
import type { Scope } from './part.ts';

const MAP = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  namespace: AGENT_NAMESPACE,
  name: ACCESS_CONFIG_MAP,
};

/**
 * shutOthers lets a cluster that manages itself refuse every other certificate of Cluster API than that of its own,
 * once the kubeconfig on the management side is the same; `kept` is that Secret, undefined if the management side does
 * not use it. While the management side owns the cluster, everything is admitted again. The agent admits the
 * certificates that Cluster API renews later (agent/access-keeper.ts).
 */
export async function shutOthers(scope: Scope, kept: KubeObject | undefined): Promise<void> {
  const { namespace, cluster } = scope;
  const workload = await scope.workload();
  const { name, key } = kubeconfigSecretOf(cluster);
  const [root, secret, map] = await Promise.all([
    workload.get({ ...CLUSTER, namespace, name: cluster }),
    workload.get({ apiVersion: 'v1', kind: 'Secret', namespace, name }),
    workload.get(MAP),
  ]);
  const owner = root === undefined ? 'management' : ownershipOf(root).owner;
  if (owner === 'management' && map !== undefined) await workload.delete(MAP);
  if (root === undefined || owner !== 'workload' || !isFresh(secret)) return;
  const id = credentialIn(secret, key);
  const isUsedHere = kept === undefined || credentialIn(kept, key) === id;
  if (id === undefined || !isUsedHere) return;
  await admit(
    workload,
    map,
    accessWith(recordIn(map, 'data'), String(ownershipOf(root).epoch), id),
  );
}

async function admit(
  workload: KubeApi,
  map: KubeObject | undefined,
  data: Access | undefined,
): Promise<void> {
  if (data === undefined) return;
  const { apiVersion, kind, ...metadata } = MAP;
  await wrapError(
    `write ConfigMap ${AGENT_NAMESPACE}/${ACCESS_CONFIG_MAP} in the cluster`,
    map === undefined
      ? workload.create({ apiVersion, kind, metadata, data })
      : workload.patch(MAP, { data }),
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
