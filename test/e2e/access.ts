import { grantAccess } from '@managed-cluster/testbed';
import { waitFor } from '@managed-cluster/toolchain';
import { AGENT_INSTALLATION } from '../../lib/apis/kinds.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { worldFile } from './world.ts';

/** Entrance is where a cluster looks for the way into itself. */
export interface Entrance {
  readonly namespace: string;
  readonly cluster: string;
  /** Name of the Secret that the claim names. */
  readonly secret: string;
}

/**
 * giveAccess makes the Secret that a claim names. Its installation has looked in vain for it all the while,
 * at last with minutes in between: touched, it looks again at once.
 */
export async function giveAccess(
  api: KubeApi,
  { namespace, cluster, secret }: Entrance,
): Promise<void> {
  await grantAccess(api, { namespace, name: secret }, worldFile().access);
  const installation = { ...AGENT_INSTALLATION, namespace, name: cluster };
  await waitFor({
    what: `AgentInstallation ${cluster} to be composed`,
    timeoutMs: 240_000,
    look: async () => ((await api.get(installation)) === undefined ? undefined : true),
  });
  await api.patch(installation, { metadata: { annotations: { 'example.org/access': 'given' } } });
}
