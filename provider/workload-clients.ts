import { parse } from 'yaml';
import { isRecord } from '../lib/core/conditions.ts';
import { during } from '../lib/errors.ts';
import type { KubeApi } from '../lib/kube/api.ts';
import { clientFromString } from '../lib/kube/client.ts';
import type { KubeconfigRef } from './deps.ts';
import { USER_AGENT } from './management.ts';

interface Known {
  /** uid and resourceVersion of the Secret. */
  readonly version: string;
  readonly api: KubeApi;
}

/**
 * Clients of workload clusters by their kubeconfig Secrets on the management side, each kept until its
 * Secret changes. `wrap` goes around each new client.
 */
export function workloadClients(
  management: KubeApi,
  wrap: (api: KubeApi) => KubeApi,
): (ref: KubeconfigRef) => Promise<KubeApi> {
  const known = new Map<string, Known>();
  return async ({ namespace, name, key }) => {
    const id = `${namespace}/${name}/${key}`;
    const secret = await during(
      `read the kubeconfig in Secret ${namespace}/${name}`,
      management.get({ apiVersion: 'v1', kind: 'Secret', namespace, name }),
    );
    if (secret === undefined) {
      known.delete(id);
      throw new Error(
        `cannot reach the workload cluster: there is no Secret ${namespace}/${name}; Cluster API makes it with the control plane`,
      );
    }
    const { uid = '', resourceVersion = '' } = secret.metadata;
    const version = `${uid}/${resourceVersion}`;
    const last = known.get(id);
    if (last?.version === version) return last.api;
    const text = valueIn(secret['data'], key, `Secret ${namespace}/${name}`);
    const api = wrap(workloadClient(text, `Secret ${namespace}/${name}`));
    known.set(id, { version, api });
    return api;
  };
}

function valueIn(data: unknown, key: string, where: string): string {
  const value = isRecord(data) ? data[key] : undefined;
  if (typeof value === 'string' && value !== '') return Buffer.from(value, 'base64').toString();
  throw new Error(
    `cannot reach the workload cluster: ${where} has no key ${key} with a kubeconfig`,
  );
}

/**
 * workloadClient is a client by the text of a kubeconfig. Fails, without quoting any of it, when it can't
 * be read or reaches for the machine of who uses it.
 */
export function workloadClient(text: string, where: string): KubeApi {
  const config = configIn(text);
  if (config === undefined) throw unreadable(where);
  const foreign = fieldsOfThisMachine(config);
  if (foreign.length > 0) {
    throw new Error(
      `cannot use the kubeconfig in ${where}: it has ${foreign.join(', ')}, which would run programs, read files or use the network of the provider; put certificates and tokens into it as data`,
    );
  }
  const plain = entries(config['clusters'], 'cluster').some(
    ({ server }) => typeof server !== 'string' || !server.startsWith('https://'),
  );
  if (plain) {
    throw new Error(
      `cannot use the kubeconfig in ${where}: every server in it must be an https:// address`,
    );
  }
  try {
    // What was looked at, not the text: another parser might see more in it, such as merge keys.
    return clientFromString(JSON.stringify(config), { userAgent: USER_AGENT });
  } catch {
    throw unreadable(where);
  }
}

function configIn(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const config: unknown = parse(text, { logLevel: 'silent' });
    return isRecord(config) ? config : undefined;
  } catch {
    return undefined;
  }
}

function unreadable(where: string): Error {
  return new Error(
    `cannot use the kubeconfig in ${where}: it is not valid YAML with a current context that has a cluster and a user`,
  );
}

/** Fields of a kubeconfig (client-go tools/clientcmd/api/v1) that reach for the machine of who uses it. */
const REACHING = [
  'exec',
  'auth-provider',
  'tokenFile',
  'token-file',
  'client-certificate',
  'client-key',
  'certificate-authority',
  'proxy-url',
];

/**
 * Who may write a Secret in one namespace must not be able to run programs as the provider, or have
 * its own token sent elsewhere.
 */
function fieldsOfThisMachine({
  clusters,
  users,
}: Readonly<Record<string, unknown>>): readonly string[] {
  const parts = [...entries(clusters, 'cluster'), ...entries(users, 'user')];
  return REACHING.filter((field) => parts.some((part) => part[field] !== undefined));
}

function entries(list: unknown, field: string): readonly Readonly<Record<string, unknown>>[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown) => {
    const part = isRecord(entry) ? entry[field] : undefined;
    return isRecord(part) ? [part] : [];
  });
}
