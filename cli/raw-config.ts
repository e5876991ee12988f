import { dirname, resolve } from 'node:path';
import { chosenIn, type Entry, type Kubeconfig, kubeconfigIn } from '../lib/kube/kubeconfig.ts';

/** ClusterEntry is `clusters[].cluster` of a kubeconfig, with the fields that are read here. */
export interface ClusterEntry {
  readonly server: string;
  readonly 'certificate-authority'?: string;
  readonly 'certificate-authority-data'?: string;
  readonly 'insecure-skip-tls-verify'?: boolean;
  readonly 'tls-server-name'?: string;
}

/** UserEntry is `users[].user`; its other fields are kept for the kubeconfig library. */
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

/** ResolvedContext is the cluster and user of the current context. */
export interface ResolvedContext {
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
  readonly namespace: string | undefined;
}

/** resolveContext resolves the current context; the error of an invalid one lists the existing contexts. */
export function resolveContext(config: Kubeconfig): ResolvedContext {
  const { context, cluster, user = {} } = chosenIn(config);
  if (context === undefined || cluster === undefined) {
    const known = config.contexts.map(({ name }) => name).join(', ') || 'none';
    const { current = '' } = config;
    const found =
      current === '' ? 'it has no current context' : `no context ${current} with a cluster`;
    throw new Error(`cannot use the kubeconfig: ${found}; existing contexts: ${known}`);
  }
  const namespace = context['namespace'];
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- as kubectl does: a wrong value fails where it is used
  const parts = { cluster, user } as unknown as Pick<ResolvedContext, 'cluster' | 'user'>;
  return { ...parts, namespace: typeof namespace === 'string' ? namespace : undefined };
}

/** Fields with paths, which are relative to the folder of the kubeconfig. */
const PATHS = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile'];

/** rawConfig is the caller's own kubeconfig from its parsed document; relative paths are resolved against the folder of `file`. */
export function rawConfig(document: unknown, file?: string): Kubeconfig {
  const config = kubeconfigIn(document);
  if (config === undefined) {
    throw new Error('it is not a kubeconfig: it has no clusters and contexts');
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

/** merged merges kubeconfigs. As in kubectl, the first of two entries with the same name wins. */
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
