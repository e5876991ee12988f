import { kubeconfigSecretOf } from '../../../capi/object-names.ts';
import { canonicalJson, sha256 } from '../../../lib/core/hash.ts';
import { isRecord, recordIn, type Json, type KubeObject } from '../../../lib/core/object.ts';
import { secretText } from '../../../lib/core/secret-data.ts';
import { softSecretNames } from '../pivot/belongs.ts';

/** Type of the Secrets of Cluster API (CAPI v1.14 api/core/v1beta2 ClusterSecretType). */
const CLUSTER_SECRET = 'cluster.x-k8s.io/secret';

/** Type of Secrets that a ClusterResourceSet applies to every cluster that it selects. */
const RESOURCE_SET = 'addons.cluster.x-k8s.io/resource-set';

/** Keys of bootstrap data (CABPK, CAPI v1.14). */
const BOOTSTRAP_KEYS = ['value', 'format'];

/** The certificate of an authority, or the public key of the ServiceAccount signer. */
const CERTIFICATE = 'tls.crt';

/** Ends of names that Cluster API gives to Secrets of a cluster: bootstrap data never has one. */
const PURPOSE = /-(ca|etcd|sa|proxy|kubeconfig|apiserver-etcd-client)$/;

/** RecordedSecret is what is remembered of a Secret or ConfigMap; never its content. */
export interface RecordedSecret {
  readonly type?: string;
  readonly keys: readonly string[];
  /** SHA-256 of the PEM text of the certificate, for an authority. */
  readonly certificate?: string;
  /**
   * SHA-256 of the content, unless the cluster may change it: a Secret that an object of the cluster owns is read
   * for that object only.
   */
  readonly content?: string;
}

/** recordedSecret returns what is remembered of a Secret or ConfigMap. */
export function recordedSecret(object: KubeObject): RecordedSecret {
  const type = object['type'];
  const certificate = fingerprintOf(object);
  const isOwn =
    object.kind === 'Secret' &&
    type !== RESOURCE_SET &&
    (object.metadata.ownerReferences ?? []).length > 0;
  return {
    ...(typeof type === 'string' ? { type } : {}),
    keys: keysOf(object),
    ...(certificate === undefined ? {} : { certificate }),
    ...(certificate !== undefined || isOwn ? {} : { content: contentOf(object) }),
  };
}

/** isKubeconfig reports whether an object is the kubeconfig of a cluster, which never comes back from it. */
export function isKubeconfig(cluster: string, { kind, metadata }: KubeObject): boolean {
  return kind === 'Secret' && metadata.name === kubeconfigSecretOf(cluster).name;
}

/** isAuthority reports whether an object holds keys that the machines of a cluster trust. */
export function isAuthority(cluster: string, object: KubeObject): boolean {
  const { name = '' } = object.metadata;
  return object.kind === 'Secret' && softSecretNames(cluster).includes(name);
}

/** isMadeByClusterApi reports whether a recorded Secret is an authority or bootstrap data, which no user creates again. */
export function isMadeByClusterApi({ type, certificate }: RecordedSecret): boolean {
  return type === CLUSTER_SECRET || certificate !== undefined;
}

/** isBootstrapName reports whether bootstrap data can have a name: that of no other Secret of Cluster API. */
export function isBootstrapName(name: string): boolean {
  return !PURPOSE.test(name);
}

/** secretProblem returns why a Secret or ConfigMap is not what was handed over; undefined if it is. */
export function secretProblem(object: KubeObject, recorded: RecordedSecret): string | undefined {
  if (object['type'] !== recorded.type && object.kind === 'Secret') {
    return `has type ${textOf(object['type'])}, and had ${recorded.type ?? 'none'}`;
  }
  if (keysOf(object).some((key) => !recorded.keys.includes(key))) return 'has other keys';
  if (recorded.certificate !== undefined) {
    return fingerprintOf(object) === recorded.certificate ? undefined : 'has another certificate';
  }
  return recorded.content === undefined || contentOf(object) === recorded.content
    ? undefined
    : 'has another content';
}

/** isBootstrapData reports whether a Secret is the bootstrap data that a KubeadmConfig owns. */
export function isBootstrapData(secret: KubeObject, config: KubeObject | undefined): boolean {
  const { name = '' } = secret.metadata;
  return (
    secret['type'] === CLUSTER_SECRET &&
    name === config?.metadata.name &&
    isBootstrapName(name) &&
    keysOf(secret).every((key) => BOOTSTRAP_KEYS.includes(key))
  );
}

function keysOf(object: KubeObject): readonly string[] {
  return Object.keys(recordIn(object, 'data') ?? {}).toSorted();
}

/** SHA-256 of the PEM text without white space; all of it, so that no second authority can be appended. */
function fingerprintOf(object: KubeObject): string | undefined {
  if (object.kind !== 'Secret') return undefined;
  const pem = secretText(object, CERTIFICATE);
  if (pem === undefined) return undefined;
  return sha256(pem.replaceAll(/\s/g, ''));
}

function contentOf(object: KubeObject): string {
  const content = { data: object['data'] ?? {}, binaryData: object['binaryData'] ?? {} };
  const json: unknown = JSON.parse(JSON.stringify(content));
  return sha256(isRecord<Json>(json) ? canonicalJson(json) : '');
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 100) : 'none';
}

/** secretFields returns the fields of a Secret or ConfigMap that come back. */
export function secretFields(object: KubeObject): Readonly<Record<string, unknown>> {
  const fields = ['data', 'binaryData', 'type'];
  return Object.fromEntries(
    fields.flatMap((field) => (object[field] === undefined ? [] : [[field, object[field]]])),
  );
}
