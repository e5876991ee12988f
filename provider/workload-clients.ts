import type { KubeObject } from '../lib/core/object.ts';
import { kubeconfigRefusal } from '../lib/apis/opt-in.ts';
import { secretText } from '../lib/core/secret-data.ts';
import { causesOf, wrapError } from '../lib/errors.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import { untrustedClient } from '../lib/kube/untrusted-client.ts';
import {
  readUntrustedKubeconfig,
  type UntrustedKubeconfig,
} from '../lib/kube/untrusted-kubeconfig.ts';
import type { KubeconfigRef } from './deps.ts';
import { USER_AGENT } from './management.ts';

interface Known {
  /** uid and resourceVersion of the Secret. */
  readonly version: string;
  readonly api: KubeApi;
}

/** KubeconfigMissingError says that no kubeconfig of the workload cluster exists yet. */
export class KubeconfigMissingError extends Error {
  override readonly name = 'KubeconfigMissingError';
}

/** SecretRefusedError says that the Secret with the kubeconfig does not allow the cluster to use it. */
export class SecretRefusedError extends Error {
  override readonly name = 'SecretRefusedError';
}

/** refusedSecretIn returns the {@link SecretRefusedError} among an error and its causes. */
export function refusedSecretIn(error: unknown): SecretRefusedError | undefined {
  return causesOf(error).find((cause) => cause instanceof SecretRefusedError);
}

/** missingKubeconfigIn returns the {@link KubeconfigMissingError} among an error and its causes. */
export function missingKubeconfigIn(error: unknown): KubeconfigMissingError | undefined {
  return causesOf(error).find((cause) => cause instanceof KubeconfigMissingError);
}

/**
 * Clients of workload clusters by their kubeconfig Secrets on the management side, each cached until its
 * Secret changes. `wrap` wraps each new client.
 */
export function workloadClients(
  management: KubeApi,
  wrap: (api: KubeApi) => KubeApi,
): (ref: KubeconfigRef) => Promise<KubeApi> {
  const known = new Map<string, Known>();
  return async ({ namespace, name, key, cluster }) => {
    const id = `${namespace}/${name}/${key}`;
    const secret = await wrapError(
      `read the kubeconfig in Secret ${namespace}/${name}`,
      management.get({ apiVersion: 'v1', kind: 'Secret', namespace, name }),
    );
    if (secret === undefined) {
      known.delete(id);
      throw new KubeconfigMissingError(
        `cannot reach the workload cluster: Secret ${namespace}/${name} does not exist; Cluster API creates it with the control plane`,
      );
    }
    // Whoever can write claims must not get into a cluster by naming its kubeconfig.
    const refusal = kubeconfigRefusal(secret, cluster);
    if (refusal !== undefined) throw new SecretRefusedError(refusal);
    const { uid = '', resourceVersion = '' } = secret.metadata;
    const version = `${uid}/${resourceVersion}`;
    const last = known.get(id);
    if (last?.version === version) return last.api;
    const where = `Secret ${namespace}/${name}`;
    const text = kubeconfigIn(secret, key, where);
    const api = wrap(workloadClient(readUntrustedKubeconfig(text, where)));
    known.set(id, { version, api });
    return api;
  };
}

function kubeconfigIn(secret: KubeObject, key: string, where: string): string {
  const text = secretText(secret, key) ?? '';
  if (text !== '') return text;
  throw new KubeconfigMissingError(
    `cannot reach the workload cluster: ${where} has no key ${key} with a kubeconfig`,
  );
}

/** workloadClient creates a client from the accepted content of a kubeconfig in a Secret. */
export function workloadClient(config: UntrustedKubeconfig): KubeApi {
  return untrustedClient(config, { userAgent: USER_AGENT });
}
