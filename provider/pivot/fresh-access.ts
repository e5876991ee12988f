import { CLUSTER_NAME_LABEL } from '../../capi/labels.ts';
import { kubeconfigSecretOf } from '../../capi/object-names.ts';
import { ACCESS_ANNOTATION, ACCESS_LIST, accessWith } from '../../lib/apis/access.ts';
import { CLUSTER_LABEL } from '../../lib/apis/ownership.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { base64, secretText } from '../../lib/core/secret-data.ts';
import { wrapError } from '../../lib/errors.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { credentialIn } from '../../lib/kube/credential-id.ts';
import { isConflict } from '../../lib/kube/errors.ts';
import {
  kubeconfigText,
  readUntrustedKubeconfig,
  type UntrustedKubeconfig,
} from '../../lib/kube/untrusted-kubeconfig.ts';
import { mintClusterApiClient, type Pair } from '../certificates/mint.ts';
import { isKubeconfig } from '../core/handover/secrets.ts';
import type { Graph } from '../core/pivot/graph.ts';
import { theAttempt, type Scope } from './scope.ts';

/** As Cluster API does; it renews the certificate itself after half of that (CAPI v1.14 util/certs). */
const LIFE_DAYS = 365;

/**
 * withFreshAccess is an object as it is copied: the kubeconfig of Cluster API gets another client certificate in a
 * cluster that is handed over to itself, so that the cluster can tell its own Cluster API from that of a management
 * side which is restored to before. Unchanged if it has no client certificate, or the key of the authority is not
 * among the objects: then the cluster cannot tell.
 */
export async function withFreshAccess(
  scope: Scope,
  objects: readonly KubeObject[],
  object: KubeObject,
): Promise<KubeObject> {
  const { target, cluster } = scope;
  if (target.side !== 'workload' || !isKubeconfig(cluster.name, object)) return object;
  const authority = authorityIn(cluster.name, objects);
  const { name, key } = kubeconfigSecretOf(cluster.name);
  const text = secretText(object, key);
  if (text === undefined) return object;
  const config = readIn(text, `Secret ${cluster.namespace}/${name}`);
  // The check of the authority stops the pivot, and says what to do.
  if (config === undefined) return object;
  if (config.certificate === undefined) return unchanged(scope, object, 'it has no certificate');
  if (authority === undefined) {
    return unchanged(scope, object, `Secret ${cluster.name}-ca has no key to sign one with`);
  }
  const pair = await issued(scope, authority);
  if (pair === undefined) {
    const why =
      'none can be signed with the CA key of the cluster (RSA and ECDSA P-256 are supported)';
    return unchanged(scope, object, why);
  }
  const [certificate, privateKey] = [base64(pair.certificate), base64(pair.privateKey)];
  const fresh = kubeconfigText({ ...config, certificate, key: privateKey }, cluster.name);
  const { epoch } = theAttempt(scope);
  const annotations = { ...object.metadata.annotations, [ACCESS_ANNOTATION]: String(epoch) };
  return {
    ...object,
    metadata: { ...object.metadata, annotations },
    data: { [key]: base64(fresh) },
  };
}

/**
 * accessForTarget gives a management side that takes a cluster back what its Cluster API needs for it: a kubeconfig,
 * unless it has kept one, and admission in the cluster, which may admit only its own Cluster API. Cluster API would
 * issue one, but it connects before that, and tries again after 30 s only (CAPI v1.14 ClusterCache
 * ConnectionCreationRetryInterval); it adopts this one (adoptKubeconfigSecret). A handover begins with everything
 * admitted.
 */
export async function accessForTarget(scope: Scope, { cluster, objects }: Graph): Promise<void> {
  const { target, source } = scope;
  if (target.side === 'workload') return removeList(target.api);
  await ensureKubeconfig(scope, addressOf(cluster), objects);
  if (source === undefined) return;
  const { name, key } = kubeconfigSecretOf(scope.cluster.name);
  const { namespace } = scope.cluster;
  const [secret, list] = await Promise.all([
    target.api.get({ apiVersion: 'v1', kind: 'Secret', namespace, name }),
    source.api.get(ACCESS_LIST),
  ]);
  const id = credentialIn(secret, key);
  if (list === undefined || id === undefined) return;
  const data = accessWith(recordIn(list, 'data'), id);
  if (data !== undefined) await source.api.patch(ACCESS_LIST, { data });
}

/** admitAll lets a cluster that was taken back admit every certificate again: the management side renews its own. */
export async function admitAll({ target, source }: Scope): Promise<void> {
  if (target.side === 'management' && source !== undefined) await removeList(source.api);
}

async function removeList(api: KubeApi): Promise<void> {
  if ((await api.get(ACCESS_LIST)) !== undefined) await api.delete(ACCESS_LIST);
}

async function ensureKubeconfig(
  scope: Scope,
  server: string | undefined,
  objects: readonly KubeObject[],
): Promise<void> {
  const { target, cluster } = scope;
  const { name, key } = kubeconfigSecretOf(cluster.name);
  const { namespace } = cluster;
  const type = { apiVersion: 'v1', kind: 'Secret' };
  const authority = authorityIn(cluster.name, objects);
  if (authority === undefined || server === undefined) return;
  if ((await target.api.get({ ...type, namespace, name })) !== undefined) return;
  const pair = await issued(scope, authority);
  if (pair === undefined) return;
  const config = {
    server,
    authority: base64(authority.certificate),
    tlsServerName: undefined,
    token: undefined,
    certificate: base64(pair.certificate),
    key: base64(pair.privateKey),
  };
  const labels = { [CLUSTER_LABEL]: cluster.name, [CLUSTER_NAME_LABEL]: cluster.name };
  const secret = {
    ...type,
    type: 'cluster.x-k8s.io/secret',
    metadata: { namespace, name, labels },
    data: { [key]: base64(kubeconfigText(config, cluster.name)) },
  };
  await wrapError(`create Secret ${namespace}/${name}`, target.api.create(secret)).catch(
    (error: unknown) => {
      // Cluster API, or a provider before this one, was faster.
      if (!isConflict(error)) throw error;
    },
  );
}

/** The address of the API server, as Cluster API writes it into a kubeconfig (CAPI v1.14 CreateSecretWithOwner). */
function addressOf(cluster: KubeObject): string | undefined {
  const { host, port } = recordIn(recordIn(cluster, 'spec'), 'controlPlaneEndpoint') ?? {};
  if (typeof host !== 'string' || host === '' || typeof port !== 'number') return undefined;
  return `https://${host.includes(':') ? `[${host}]` : host}:${port}`;
}

function readIn(text: string, where: string): UntrustedKubeconfig | undefined {
  try {
    return readUntrustedKubeconfig(text, where);
  } catch {
    return undefined;
  }
}

/** Undefined for an authority whose key we cannot sign with, such as one of another curve. */
async function issued({ deps }: Scope, authority: Pair): Promise<Pair | undefined> {
  try {
    return await mintClusterApiClient(authority, { now: deps.clock.now(), days: LIFE_DAYS });
  } catch {
    // Not the error: it could quote the key.
    return undefined;
  }
}

/** No reason to stop a pivot, but nobody should believe in a protection that is not there. */
function unchanged({ deps, record }: Scope, object: KubeObject, why: string): KubeObject {
  deps.events.event(
    record.object,
    'Warning',
    'AccessNotReplaced',
    `The kubeconfig of Cluster API in the cluster stays as it is, because ${why}: the cluster will not refuse a management side that is restored to before its handover`,
  );
  return object;
}

/** The key signs certificates, and never leaves this process but in them. */
function authorityIn(cluster: string, objects: readonly KubeObject[]): Pair | undefined {
  const secret = objects.find(
    ({ kind, metadata }) => kind === 'Secret' && metadata.name === `${cluster}-ca`,
  );
  const [certificate, privateKey] = ['tls.crt', 'tls.key'].map((key) => secretText(secret, key));
  return certificate === undefined || privateKey === undefined
    ? undefined
    : { certificate, privateKey };
}
