import { groupOf, type KubeObject } from '../core/object.ts';
import { CLUSTER_LABEL, ESCROW_LABEL } from './ownership.ts';

/**
 * USABLE_BY_ANNOTATION on a Secret lists the clusters of its namespace whose claims can refer to it: names,
 * separated by commas, or `*` for every cluster of the namespace. Only who can write the Secret can set it.
 */
export const USABLE_BY_ANNOTATION = 'managedcluster.io/usable-by';

/**
 * COPY_TO_ANNOTATION on a cluster-scoped identity object lists the namespaces whose clusters can get a copy of
 * it, with its Secret: names, separated by commas, or `*`. Whoever is root in such a cluster can read the copy.
 */
export const COPY_TO_ANNOTATION = 'managedcluster.io/copy-to-clusters';

/**
 * SERVERS_ANNOTATION on an identity object or Secret lists the servers that its credentials can be sent to: host
 * names, separated by commas, or `*`.
 */
export const SERVERS_ANNOTATION = 'managedcluster.io/allowed-servers';

/** Label and Secret type of Cluster API (CAPI v1.14 api/core/v1beta2, ClusterNameLabel and ClusterSecretType). */
const CLUSTER_NAME_LABEL = 'cluster.x-k8s.io/cluster-name';
const CLUSTER_API_SECRET = 'cluster.x-k8s.io/secret';

/** Secrets of Kubernetes and Cluster API that give access to a cluster, and the types of our own Secrets. */
const CLOSED_TYPES = [
  CLUSTER_API_SECRET,
  'kubernetes.io/service-account-token',
  'bootstrap.kubernetes.io/token',
];
const OWN_TYPES = 'managedcluster.io/';

/** Names of clusters, namespaces and hosts; never `*`. */
const PLAIN = /^[\w.:[\]-]+$/;

/**
 * secretRefusal returns why the claim of a cluster cannot use a Secret of its namespace, as a sentence that says
 * what to do; undefined if it can. The right to write claims does not include the right to read Secrets, so a
 * Secret says itself which clusters can use it.
 */
export function secretRefusal(secret: KubeObject, cluster: string): string | undefined {
  return closedSecret(secret, cluster) ?? notListed(secret, USABLE_BY_ANNOTATION, cluster);
}

/**
 * kubeconfigRefusal is {@link secretRefusal} for the kubeconfig of a cluster. The one that Cluster API makes for
 * this very cluster needs no annotation.
 */
export function kubeconfigRefusal(secret: KubeObject, cluster: string): string | undefined {
  const { name, labels } = secret.metadata;
  const own =
    name === `${cluster}-kubeconfig` &&
    secret['type'] === CLUSTER_API_SECRET &&
    labels?.[CLUSTER_NAME_LABEL] === cluster;
  return own ? undefined : secretRefusal(secret, cluster);
}

/**
 * closedSecret returns why no claim can use a Secret, whatever its annotations say; undefined for all others.
 * These Secrets hold keys and kubeconfigs of clusters, or records of this product.
 */
export function closedSecret(secret: KubeObject, cluster: string): string | undefined {
  const { labels = {} } = secret.metadata;
  const type = typeof secret['type'] === 'string' ? secret['type'] : '';
  const instead = 'put the value into a Secret of its own and refer to that one';
  if (CLOSED_TYPES.includes(type) || type.startsWith(OWN_TYPES)) {
    return `${titleOf(secret)} has the type ${type}, which no claim can use: ${instead}`;
  }
  if (ESCROW_LABEL in labels) {
    return `${titleOf(secret)} is a record of a cluster (label ${ESCROW_LABEL}), which no claim can use: ${instead}`;
  }
  const label = [CLUSTER_NAME_LABEL, CLUSTER_LABEL].find((one) => {
    const owner = labels[one];
    return owner !== undefined && owner !== cluster;
  });
  return label === undefined
    ? undefined
    : `${titleOf(secret)} belongs to cluster ${labels[label]} (label ${label}), so cluster ${cluster} cannot use it: ${instead}`;
}

/**
 * copyRefusal returns why an identity object cannot be copied into clusters of a namespace, as a sentence that
 * says what its owner has to do; undefined if it can.
 */
export function copyRefusal(identity: KubeObject, namespace: string): string | undefined {
  return notListed(identity, COPY_TO_ANNOTATION, namespace);
}

/**
 * serverRefusal returns why the credentials of an identity object or Secret cannot be sent to a server that a
 * claim names, as a sentence; undefined if they can. Whoever names the server gets the password.
 */
export function serverRefusal(object: KubeObject, server: string): string | undefined {
  return notListed(object, SERVERS_ANNOTATION, server);
}

const WHAT: Readonly<Record<string, (value: string) => string>> = {
  [USABLE_BY_ANNOTATION]: (cluster) => `does not allow cluster ${cluster} to use it`,
  [COPY_TO_ANNOTATION]: (namespace) =>
    `does not allow copies in clusters of namespace ${namespace}, where their administrators can read it`,
  [SERVERS_ANNOTATION]: (server) => `does not allow its credentials to be sent to server ${server}`,
};

function notListed(object: KubeObject, annotation: string, value: string): string | undefined {
  const listed = valuesOf(object, annotation);
  if (listed.includes('*') || listed.includes(value)) return undefined;
  const what = WHAT[annotation]?.(value) ?? '';
  const all = [...listed, value];
  // The value comes from a claim, and a person pastes the command into a shell.
  const next = all.every((one) => PLAIN.test(one))
    ? `if its owner agrees, run ${annotateCommand(object, annotation, all.join(','))}`
    : 'use a name without special characters';
  return `${titleOf(object)} ${what}: ${next}`;
}

function valuesOf({ metadata }: KubeObject, annotation: string): readonly string[] {
  const text = metadata.annotations?.[annotation] ?? '';
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** The command that adds a value to an annotation. */
function annotateCommand(object: KubeObject, annotation: string, value: string): string {
  const { apiVersion, kind, metadata } = object;
  const group = groupOf(apiVersion);
  const type = group === '' ? kind.toLowerCase() : `${kind}.${group}`;
  const where = metadata.namespace === undefined ? '' : `-n ${metadata.namespace} `;
  return `kubectl ${where}annotate ${type} ${metadata.name} ${annotation}='${value}' --overwrite`;
}

function titleOf({ kind, metadata }: KubeObject): string {
  const { namespace, name = '' } = metadata;
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
