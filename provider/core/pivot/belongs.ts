import { CLUSTER_NAME_LABEL } from '../../../capi/labels.ts';
import { ESCROW_LABEL } from '../../../lib/apis/ownership.ts';
import { type KubeObject, isRecord, recordIn, groupOf } from '../../../lib/core/object.ts';
import { isClusterApi } from './identity.ts';

/** Suffixes of the names of the Secrets of a cluster (CAPI v1.14 util/secret/consts.go). */
const SECRET_PURPOSES = ['ca', 'etcd', 'sa', 'proxy', 'kubeconfig', 'apiserver-etcd-client'];

/** softSecretNames returns the names of Secrets that belong to a Cluster even without an owner reference. */
export function softSecretNames(cluster: string): readonly string[] {
  return SECRET_PURPOSES.map((purpose) => `${cluster}-${purpose}`);
}

/**
 * belongsByItself reports whether an object belongs to a Cluster by its name or label alone, without an
 * owner reference: `clusterctl move` calls this a soft owner (facts/capi.md 1.2). Objects that this
 * provider keeps on the management side do not belong to it.
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

/** Fields of a spec that refer to required objects in the same namespace. */
const REFERENCES = ['infrastructureRef', 'controlPlaneRef', 'configRef', 'templateRef'];

/** Fields of a KubeadmConfig that read from a Secret: `files[].contentFrom`, `users[].passwdFrom`. */
const SECRET_SOURCES = ['contentFrom', 'passwdFrom'];

/**
 * referencesOf returns the keys of the objects that the spec of an object refers to: machine templates,
 * which get an owner reference only when a controller uses them, and Secrets with file contents.
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

/** References have `apiGroup` in v1beta2 and `apiVersion` in v1beta1 (facts/capi.md 2.2). */
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
