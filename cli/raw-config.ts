import { dirname, resolve } from 'node:path';
import { isRecord } from '../lib/core/conditions.ts';

/** ClusterEntry is `clusters[].cluster` of a kubeconfig, with what we read of it (clientcmd/api/v1). */
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

interface ContextEntry {
  readonly cluster: string;
  readonly user?: string;
  readonly namespace?: string;
}

/** RawConfig is a kubeconfig as it stands in its file, with a context chosen. */
export interface RawConfig {
  readonly 'current-context': string;
  readonly clusters: readonly { readonly name: string; readonly cluster: ClusterEntry }[];
  readonly users: readonly { readonly name: string; readonly user?: UserEntry }[];
  readonly contexts: readonly { readonly name: string; readonly context: ContextEntry }[];
}

/** Chosen is what the current context stands for. */
export interface Chosen {
  readonly cluster: ClusterEntry;
  readonly user: UserEntry;
  readonly namespace: string | undefined;
}

/** contextIn is the current context; fails with the contexts that there are when it leads nowhere. */
export function contextIn(config: RawConfig): Chosen {
  const wanted = config['current-context'];
  const context = config.contexts.find(({ name }) => name === wanted)?.context;
  const cluster = config.clusters.find(({ name }) => name === context?.cluster)?.cluster;
  if (context === undefined || cluster === undefined) {
    const known = config.contexts.map(({ name }) => name).join(', ') || 'none';
    const found =
      wanted === '' ? 'it has no current context' : `no context ${wanted} with a cluster`;
    throw new Error(`cannot use the kubeconfig: ${found}; it has: ${known}`);
  }
  const user = config.users.find(({ name }) => name === context.user)?.user ?? {};
  return { cluster, user, namespace: context.namespace };
}

/** Paths in a kubeconfig are relative to its own folder. */
const PATHS = ['certificate-authority', 'client-certificate', 'client-key', 'tokenFile'];

/** rawConfig reads a parsed kubeconfig; paths in it are taken from the folder of its file. */
export function rawConfig(document: unknown, file?: string): RawConfig {
  if (!isRecord(document)) throw new Error('it is no kubeconfig: it has no clusters and contexts');
  const current = document['current-context'];
  const config = {
    'current-context': typeof current === 'string' ? current : '',
    clusters: entriesOf(document['clusters'], 'cluster', file),
    users: entriesOf(document['users'], 'user', file),
    contexts: entriesOf(document['contexts'], 'context', undefined),
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- entries were checked to have their names; a wrong value in them fails where it is used
  return config as unknown as RawConfig;
}

function entriesOf(list: unknown, field: string, file: string | undefined): readonly object[] {
  const entries: readonly unknown[] = Array.isArray(list) ? list : [];
  return entries
    .filter(isRecord)
    .flatMap(({ name, [field]: value }) =>
      typeof name === 'string' && isRecord(value)
        ? [{ name, [field]: file === undefined ? value : absolute(value, dirname(file)) }]
        : [],
    );
}

function absolute(
  entry: Readonly<Record<string, unknown>>,
  folder: string,
): Readonly<Record<string, unknown>> {
  const paths = PATHS.flatMap((key) => {
    const path = entry[key];
    return typeof path === 'string' && path !== '' ? [[key, resolve(folder, path)]] : [];
  });
  return { ...entry, ...Object.fromEntries(paths) };
}

/** merged is several kubeconfigs as one. As in kubectl, of two entries with one name the first wins. */
export function merged(configs: readonly RawConfig[], context: string | undefined): RawConfig {
  const current = configs.map((config) => config['current-context']).find((name) => name !== '');
  return {
    'current-context': context ?? current ?? '',
    clusters: firsts(configs.flatMap(({ clusters }) => clusters)),
    users: firsts(configs.flatMap(({ users }) => users)),
    contexts: firsts(configs.flatMap(({ contexts }) => contexts)),
  };
}

function firsts<Entry extends { readonly name: string }>(
  entries: readonly Entry[],
): readonly Entry[] {
  return entries.filter(({ name }, at) => entries.findIndex((one) => one.name === name) === at);
}
