import { type Json, type JsonObject, isRecord } from '../core/object.ts';

/** Entry is a named cluster, user or context of a kubeconfig; its content is not validated. */
export interface Entry {
  readonly name: string;
  readonly value: JsonObject;
}

/** Kubeconfig is the structure of a kubeconfig (client-go tools/clientcmd/api/v1), trusted or not. */
export interface Kubeconfig {
  /** Name of the current context. */
  readonly current: string | undefined;
  readonly clusters: readonly Entry[];
  readonly users: readonly Entry[];
  readonly contexts: readonly Entry[];
}

/** Chosen is the cluster and user of a context. */
export interface Chosen {
  readonly context?: JsonObject | undefined;
  readonly cluster?: JsonObject | undefined;
  readonly user?: JsonObject | undefined;
}

/**
 * kubeconfigIn reads a parsed document; invalid entries are left out. Undefined if it is not a kubeconfig.
 */
export function kubeconfigIn(document: unknown): Kubeconfig | undefined {
  if (!isRecord(document)) return undefined;
  const current = document['current-context'];
  return {
    current: typeof current === 'string' ? current : undefined,
    clusters: entriesIn(document['clusters'], 'cluster'),
    users: entriesIn(document['users'], 'user'),
    contexts: entriesIn(document['contexts'], 'context'),
  };
}

/**
 * isUnambiguous reports whether all parsers read a document in the same way: every list exists, and every
 * entry has a value and a unique name.
 */
export function isUnambiguous(
  document: unknown,
  { clusters, users, contexts }: Kubeconfig,
): boolean {
  if (!isRecord(document)) return false;
  const lists = [
    [document['clusters'], clusters],
    [document['users'], users],
    [document['contexts'], contexts],
  ] as const;
  return lists.every(
    ([list, entries]) =>
      Array.isArray(list) && new Set(entries.map(({ name }) => name)).size === list.length,
  );
}

/** chosenIn returns the cluster and user of the current context, as far as they exist. */
export function chosenIn({ current, clusters, users, contexts }: Kubeconfig): Chosen {
  const context = named(contexts, current);
  return {
    context,
    cluster: named(clusters, context?.['cluster']),
    user: named(users, context?.['user']),
  };
}

/** kubeconfigDocument returns a kubeconfig as a document to serialize. */
export function kubeconfigDocument({ current, clusters, users, contexts }: Kubeconfig): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': current ?? '',
    contexts: contexts.map(({ name, value }) => ({ name, context: value })),
    clusters: clusters.map(({ name, value }) => ({ name, cluster: value })),
    users: users.map(({ name, value }) => ({ name, user: value })),
  };
}

/** singleKubeconfig returns a kubeconfig with one cluster and one user. */
export function singleKubeconfig(cluster: Entry, user: Entry, context: string): Kubeconfig {
  return {
    current: context,
    clusters: [cluster],
    users: [user],
    contexts: [{ name: context, value: { cluster: cluster.name, user: user.name } }],
  };
}

function entriesIn(list: unknown, part: 'cluster' | 'user' | 'context'): readonly Entry[] {
  const entries: readonly unknown[] = Array.isArray(list) ? list : [];
  return entries.flatMap((entry) => {
    const { name, [part]: value } = isRecord(entry) ? entry : {};
    return typeof name === 'string' && isRecord<Json>(value) ? [{ name, value }] : [];
  });
}

/** As in kubectl, the first of two entries with the same name is used. */
function named(entries: readonly Entry[], wanted: unknown): JsonObject | undefined {
  return entries.find(({ name }) => name === wanted)?.value;
}
