import { BOOTSTRAP_KEYS } from '../lib/apis/agent.ts';
import type { KubeObject } from '../lib/core/object.ts';
import { secretText } from '../lib/core/secret-data.ts';

/** Bootstrap is the connection to the management side and the identity of this cluster. */
export interface Bootstrap {
  readonly endpoint: string;
  readonly authority: string;
  readonly token: string;
  /** Namespace of the cluster, the same on both sides. */
  readonly namespace: string;
  readonly cluster: string;
  /** Name of the agent's ServiceAccount and Lease in the namespace of all agents of the management side. */
  readonly identity: string;
}

/** bootstrapOf reads the bootstrap Secret; its error names the missing keys and never contains values. */
export function bootstrapOf(secret: KubeObject): Bootstrap {
  const missing: string[] = [];
  function text(key: string): string {
    const value = secretText(secret, key) ?? '';
    if (value === '') missing.push(key);
    return value.trim();
  }
  const bootstrap = {
    endpoint: text(BOOTSTRAP_KEYS.endpoint),
    authority: text(BOOTSTRAP_KEYS.authority),
    token: text(BOOTSTRAP_KEYS.token),
    namespace: text(BOOTSTRAP_KEYS.namespace),
    cluster: text(BOOTSTRAP_KEYS.cluster),
    identity: text(BOOTSTRAP_KEYS.identity),
  };
  if (missing.length > 0) {
    throw new Error(
      `cannot use Secret ${secret.metadata.name ?? ''}: it has no ${missing.join(', ')}; delete it, and the AgentInstallation creates it again`,
    );
  }
  return bootstrap;
}
