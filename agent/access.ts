import { BOOTSTRAP_SECRET, LAYERS_NAME } from '../lib/apis/agent.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import { clientByToken, inClusterAccess, type TokenAccess } from '../lib/kube/token-client.ts';
import type { Bootstrap } from './bootstrap.ts';

/** LocalAccess is the API server of the cluster that the agent runs in. */
export interface LocalAccess {
  readonly api: KubeApi;
  /** Impersonates the ServiceAccount of the layers. */
  readonly layers: KubeApi;
  /** User as whom layers are applied. */
  readonly layersUser: string;
  readonly access: () => Promise<TokenAccess>;
}

/** localAccess uses the ServiceAccount of the Pod; `folder` has its token. */
export function localAccess(namespace: string, folder: string, userAgent: string): LocalAccess {
  const access = inClusterAccess(folder);
  const layersUser = `system:serviceaccount:${namespace}:${LAYERS_NAME}`;
  return {
    api: clientByToken(access, { userAgent, slimWatches: true }),
    layers: clientByToken(access, { userAgent, impersonate: layersUser }),
    layersUser,
    access,
  };
}

/** ManagementAccess is the client for the management side; its token can be replaced at any time. */
export interface ManagementAccess {
  readonly api: KubeApi;
  token(): string;
  renewed(token: string): void;
}

/** Timeout of a request to the management side. */
const TIMEOUT_MS = 10_000;

/** managementAccess uses the token of the bootstrap Secret. */
export function managementAccess(bootstrap: Bootstrap, userAgent: string): ManagementAccess {
  const { endpoint: server, authority } = bootstrap;
  let { token } = bootstrap;
  return {
    api: clientByToken(() => Promise.resolve({ server, authority, token }), {
      userAgent,
      slimWatches: true,
      timeoutMs: TIMEOUT_MS,
    }),
    token: () => token,
    renewed(next): void {
      token = next;
    },
  };
}

/** BOOTSTRAP_SELECTOR selects the bootstrap Secret, the only one that the agent is allowed to watch. */
export const BOOTSTRAP_SELECTOR = { fieldSelector: `metadata.name=${BOOTSTRAP_SECRET}` };
