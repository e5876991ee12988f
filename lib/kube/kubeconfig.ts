import { type Json, type JsonObject, isRecord } from '../core/object.ts';

/** Entry is a cluster, a user or a context of a kubeconfig with its name; what it says is not looked at. */
export interface Entry {
  readonly name: string;
  readonly value: JsonObject;
}

/** Kubeconfig is the shape of a kubeconfig (client-go tools/clientcmd/api/v1), whoever wrote it. */
export interface Kubeconfig {
  /** Name of the current context. */
  readonly current: string | undefined;
  readonly clusters: readonly Entry[];
  readonly users: readonly Entry[];
  readonly contexts: readonly Entry[];
}

/** Chosen is what a context stands for. */
export interface Chosen {
  readonly context?: JsonObject | undefined;
  readonly cluster?: JsonObject | undefined;
  readonly user?: JsonObject | undefined;
}

/** kubeconfigIn reads a parsed document; entries of another shape are left out. Undefined when it is no kubeconfig. */
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
 * isUnambiguous tells whether all parsers read a document alike: every list is there, and every entry
 * has a value and a name that no other has.
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

/** chosenIn is what the current context stands for, as far as it leads somewhere. */
export function chosenIn({ current, clusters, users, contexts }: Kubeconfig): Chosen {
  const context = named(contexts, current);
  return {
    context,
    cluster: named(clusters, context?.['cluster']),
    user: named(users, context?.['user']),
  };
}

/** kubeconfigDocument is a kubeconfig as it is written. */
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

/** singleKubeconfig is a kubeconfig with one cluster and one user. */
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

/** As in kubectl, of two entries with one name the first counts. */
function named(entries: readonly Entry[], wanted: unknown): JsonObject | undefined {
  return entries.find(({ name }) => name === wanted)?.value;
}
