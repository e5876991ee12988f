import { dirname, resolve } from 'node:path';
import { chosenIn, type Entry, type Kubeconfig, kubeconfigIn } from '../lib/kube/kubeconfig.ts';

/** ClusterEntry is `clusters[].cluster` of a kubeconfig, with what is read of it. */
export interface ClusterEntry {
  readonly server: string;
  readonly 'certificate-authority'?: string;
  readonly 'certificate-authority-data'?: string;
  readonly 'insecure-skip-tls-verify'?: boolean;
  readonly 'tls-server-name'?: string;
}

/** UserEntry is `users[].user`; what else stands there is kept for the library. */
export interface UserEntry {
  readonly token?: string;
  readonly tokenFile?: string;
  readonly username?: string;
  readonly password?: string;
  readonly 'client-certificate'?: string;
  readonly 'client-certificate-data'?: string;
  readonly 'client-key'?: string;
  readonly 'client-key-data'?: string;
}

/** ResolvedContext is how the cluster of the current context is reached. */
export interface ResolvedContext {
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
  readonly namespace: string | undefined;
}

/** resolveContext resolves the current context; fails with the contexts that there are when it leads nowhere. */
export function resolveContext(config: Kubeconfig): ResolvedContext {
  const { context, cluster, user = {} } = chosenIn(config);
  if (context === undefined || cluster === undefined) {
    const known = config.contexts.map(({ name }) => name).join(', ') || 'none';
    const { current = '' } = config;
    const found =
      current === '' ? 'it has no current context' : `no context ${current} with a cluster`;
    throw new Error(`cannot use the kubeconfig: ${found}; it has: ${known}`);
  }
  const namespace = context['namespace'];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as kubectl does: a wrong value fails where it is used
  const parts = { cluster, user } as unknown as Pick<ResolvedContext, 'cluster' | 'user'>;
  return { ...parts, namespace: typeof namespace === 'string' ? namespace : undefined };
}

/** Paths in a kubeconfig are relative to its own folder. */
const PATHS = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile'];

/** rawConfig reads the caller's own kubeconfig, parsed; paths in it are taken from the folder of its file. */
export function rawConfig(document: unknown, file?: string): Kubeconfig {
  const config = kubeconfigIn(document);
  if (config === undefined) {
    throw new Error('it is no kubeconfig: it has no clusters and contexts');
  }
  if (file === undefined) return config;
  const folder = dirname(file);
  return {
    ...config,
    clusters: config.clusters.map((entry) => absolute(entry, folder)),
    users: config.users.map((entry) => absolute(entry, folder)),
  };
}

function absolute({ name, value }: Entry, folder: string): Entry {
  const paths = PATHS.flatMap((key) => {
    const path = value[key];
    return typeof path === 'string' && path !== '' ? [[key, resolve(folder, path)]] : [];
  });
  return { name, value: { ...value, ...Object.fromEntries(paths) } };
}

/** merged is several kubeconfigs as one. As in kubectl, of two entries with one name the first wins. */
export function merged(configs: readonly Kubeconfig[], context: string | undefined): Kubeconfig {
  const current = configs
    .map((config) => config.current)
    .find((name) => name !== undefined && name !== '');
  return {
    current: context ?? current,
    clusters: firsts(configs.flatMap(({ clusters }) => clusters)),
    users: firsts(configs.flatMap(({ users }) => users)),
    contexts: firsts(configs.flatMap(({ contexts }) => contexts)),
  };
}

function firsts(entries: readonly Entry[]): readonly Entry[] {
  return entries.filter(({ name }, at) => entries.findIndex((one) => one.name === name) === at);
}
