import type { Cloud, CredentialRef, IdentityRef } from '../../../capi/cloud.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { compareText } from '../../../lib/core/order.ts';
import { type Fields, listIn, podSpecOf, textIn } from './json.ts';
import { copyOf, labelledFor } from './provider-copy.ts';

/** Wanted is a credential of the management side and its name in the workload cluster. */
export interface Wanted {
  readonly source: CredentialRef;
  readonly name: string;
}

/** CloudIdentities holds the two identities that a claim can refer to. */
export interface CloudIdentities {
  readonly identityRef?: IdentityRef;
  readonly workloadIdentityRef?: IdentityRef;
}

/**
 * firstCredentials returns the credentials that the claim refers to: the workload identity if it is set,
 * under the name of the other identity, because the infrastructure cluster refers to that name. None if the
 * workload identity is the one of the infrastructure provider, which exists in the cluster by itself. Fails if
 * the two identities are of different kinds.
 */
export function firstCredentials(
  cloud: Cloud,
  { identityRef, workloadIdentityRef }: CloudIdentities,
  namespace: string,
): readonly Wanted[] {
  const identity = identityRef ?? workloadIdentityRef;
  if (cloud.credentials === undefined || identity === undefined) return [];
  const names = cloud.credentials(identity, namespace);
  const sources = cloud.credentials(workloadIdentityRef ?? identity, namespace);
  if (workloadIdentityRef !== undefined && isOwn(cloud, [...names, ...sources])) return [];
  return sources.map((source, at) => {
    const { kind, name } = names[at] ?? source;
    if (kind !== source.kind) {
      throw new Error(
        `cannot use cloud.workloadIdentityRef: it refers to a ${source.kind}, but cloud.identityRef refers to a ${kind}; refer to an identity of the same kind`,
      );
    }
    return { source, name };
  });
}

/** The claim says that the provider in the cluster has enough permissions of its own. */
function isOwn(cloud: Cloud, refs: readonly CredentialRef[]): boolean {
  return refs.every((ref) => cloud.isOfController?.(ref) === true);
}

/** placedCredential returns an identity object or Secret as it is created in the workload cluster. */
export function placedCredential(cluster: string, object: KubeObject, name: string): KubeObject {
  const copy = labelledFor(cluster, copyOf(object));
  return { ...copy, metadata: { ...copy.metadata, name } };
}

/** MountedSecret is a Secret that the Pods of a Deployment require to start. */
export interface MountedSecret {
  readonly namespace: string;
  readonly name: string;
}

/** mountedSecrets returns the Secrets that the Pods of Deployments require to start. */
export function mountedSecrets(objects: readonly KubeObject[]): readonly MountedSecret[] {
  const deployments = objects.filter(({ kind }) => kind === 'Deployment');
  const all = deployments.flatMap((deployment) => {
    const { namespace = '' } = deployment.metadata;
    return secretNames(podSpecOf(deployment)).map((name) => ({ namespace, name }));
  });
  const byName = new Map(all.map((one) => [`${one.namespace}/${one.name}`, one]));
  return [...byName.values()].toSorted((a, b) => compareText(a.name, b.name));
}

/** emptied returns a Secret with the same keys and empty values, so that a Pod can start. */
export function emptied(cluster: string, secret: KubeObject): KubeObject {
  const keys = Object.keys(recordIn(secret, 'data') ?? {});
  const { apiVersion, kind, metadata } = labelledFor(cluster, copyOf(secret));
  const data = Object.fromEntries(keys.map((key) => [key, '']));
  return { apiVersion, kind, metadata, type: 'Opaque', data };
}

function secretNames(podSpec: unknown): readonly string[] {
  const containers = listIn(podSpec, 'containers');
  const volumes = listIn(podSpec, 'volumes').flatMap((volume) => {
    const secret = recordIn(volume, 'secret');
    return named(secret, textIn(secret, 'secretName'));
  });
  const sources = containers.flatMap((container) => [
    ...listIn(container, 'envFrom').map((from) => recordIn(from, 'secretRef')),
    ...listIn(container, 'env').map((env) => recordIn(recordIn(env, 'valueFrom'), 'secretKeyRef')),
  ]);
  return [...volumes, ...sources.flatMap((source) => named(source, textIn(source, 'name')))];
}

function named(source: Fields | undefined, name: string | undefined): readonly string[] {
  return name === undefined || source?.['optional'] === true ? [] : [name];
}
