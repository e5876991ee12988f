import { CLUSTER } from '../capi/kinds.ts';
import { kubeconfigSecretOf } from '../capi/object-names.ts';
import { ACCESS_LIST, accessWith } from '../lib/apis/access.ts';
import { OWNER_ANNOTATION } from '../lib/apis/ownership.ts';
import { recordIn } from '../lib/core/object.ts';
import { messageOf } from '../lib/errors.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import { credentialIn } from '../lib/kube/credential-id.ts';
import type { Logger } from '../lib/log.ts';
import type { Bootstrap } from './bootstrap.ts';
import { repeatedly } from './pacing.ts';

/**
 * How often it is looked. Cluster API uses a renewed certificate from its next connection on, and does without writes
 * until it is admitted.
 */
const LOOK_MS = 30_000;

/**
 * runAccessKeeper admits each certificate that Cluster API issues for itself in a cluster that manages itself and whose
 * access was restricted by the provider, until the signal. Never fails.
 */
export function runAccessKeeper(
  local: KubeApi,
  { namespace, cluster }: Pick<Bootstrap, 'namespace' | 'cluster'>,
  log: Logger,
  signal: AbortSignal,
): Promise<void> {
  return repeatedly(
    () => keep(local, { namespace, cluster }, log),
    {
      everyMs: LOOK_MS,
      onFailure(error, failures): void {
        const level = failures === 1 ? 'warn' : 'debug';
        log[level]({ error: messageOf(error) }, 'cannot look after the access of Cluster API yet');
      },
    },
    signal,
  );
}

async function keep(
  local: KubeApi,
  { namespace, cluster }: Pick<Bootstrap, 'namespace' | 'cluster'>,
  log: Logger,
): Promise<void> {
  const map = await local.get(ACCESS_LIST);
  if (map === undefined) return;
  const { name, key } = kubeconfigSecretOf(cluster);
  const [root, secret] = await Promise.all([
    local.get({ ...CLUSTER, namespace, name: cluster }),
    local.get({ apiVersion: 'v1', kind: 'Secret', namespace, name }),
  ]);
  const id = credentialIn(secret, key);
  const isOwn = root?.metadata.annotations?.[OWNER_ANNOTATION] === 'workload';
  if (!isOwn || id === undefined) return;
  const data = accessWith(recordIn(map, 'data'), id);
  if (data === undefined) return;
  await local.patch(ACCESS_LIST, { data });
  log.info('a renewed certificate of Cluster API is admitted');
}
