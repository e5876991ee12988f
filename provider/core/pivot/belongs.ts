import { CLUSTER_NAME_LABEL } from '../../../capi/labels.ts';
import { ESCROW_LABEL } from '../../../lib/apis/ownership.ts';
import { type KubeObject, isRecord, recordIn, groupOf } from '../../../lib/core/object.ts';
import { isClusterApi } from './identity.ts';

/** Ends of the names of a cluster's own Secrets (CAPI v1.14 util/secret/consts.go). */
const SECRET_PURPOSES = ['ca', 'etcd', 'sa', 'proxy', 'kubeconfig', 'apiserver-etcd-client'];

/** softSecretNames are the names of Secrets that belong to a Cluster even when nothing owns them. */
export function softSecretNames(cluster: string): readonly string[] {
  return SECRET_PURPOSES.map((purpose) => `${cluster}-${purpose}`);
}

/**
 * belongsByItself tells whether an object belongs to a Cluster by its name or label alone, without
 * being owned: `clusterctl move` calls it a soft owner (facts/capi.md 1.2). What we keep on the
 * management side ourselves does not.
 */
export function belongsByItself(cluster: string, object: KubeObject): boolean {
  const { name = '', labels = {} } = object.metadata;
  if (ESCROW_LABEL in labels) return false;
  if (labels[CLUSTER_NAME_LABEL] === cluster) return true;
  if (object.kind === 'Secret') return softSecretNames(cluster).includes(name);
  return (
    object.kind === 'ClusterResourceSetBinding' &&
    recordIn(object, 'spec')?.['clusterName'] === cluster
  );
}

/** What in a spec refers to an object of the same namespace that the cluster can't do without. */
const REFERENCES = ['infrastructureRef', 'controlPlaneRef', 'configRef', 'templateRef'];

/** Fields of a KubeadmConfig that take their value from a Secret: `files[].contentFrom`, `users[].passwdFrom`. */
const SECRET_SOURCES = ['contentFrom', 'passwdFrom'];

/**
 * referencesOf are the keys of the objects that an object's spec refers to: machine templates, which a
 * controller makes owned only once it uses them, and Secrets with content of files.
 */
export function referencesOf(object: KubeObject): readonly string[] {
  return isClusterApi(object) ? [...found(object['spec'])] : [];
}

function found(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(found);
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([field, inner]) => {
    if (REFERENCES.includes(field)) return keyOfReference(inner);
    if (SECRET_SOURCES.includes(field)) return keyOfSecret(recordIn(inner, 'secret')?.['name']);
    return found(inner);
  });
}

/** v1beta2 references have `apiGroup`, v1beta1 ones `apiVersion` (facts/capi.md 2.2). */
function keyOfReference(reference: unknown): readonly string[] {
  if (!isRecord(reference)) return [];
  const { apiGroup, apiVersion, kind, name } = reference;
  const version = typeof apiVersion === 'string' ? apiVersion : '';
  const group = typeof apiGroup === 'string' ? apiGroup : groupOf(version);
  return typeof kind === 'string' && typeof name === 'string' ? [`${group}/${kind}/${name}`] : [];
}

function keyOfSecret(name: unknown): readonly string[] {
  return typeof name === 'string' ? [`/Secret/${name}`] : [];
}
