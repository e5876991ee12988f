import type { Cloud, CredentialRef, IdentityRef } from '../../capi/cloud.ts';
import { cloudNamed } from '../../capi/clouds/index.ts';
import { isRecord, type KubeObject, recordIn } from '../../lib/core/object.ts';
import { compareText } from '../../lib/core/order.ts';

/** Copied are the names of what was copied into a cluster, and the kinds that could not be read to find them. */
export interface Copied {
  readonly names: readonly string[];
  readonly unread: readonly string[];
}

/**
 * layerSecrets returns the names of the Secrets that the layers of a cluster read: by its plan, or by its claim if the
 * plan cannot be read.
 */
export function layerSecrets(
  plan: KubeObject | undefined,
  head: KubeObject | undefined,
): readonly string[] {
  const variables =
    plan === undefined
      ? listIn(recordIn(head, 'spec'), 'profiles').flatMap((one) => listIn(one, 'variables'))
      : listIn(recordIn(plan, 'spec'), 'layers').flatMap((one) => listIn(one, 'secretVariables'));
  const names = variables.flatMap((one) => recordIn(one, 'secretKeyRef')?.['name'] ?? []);
  const texts = names.filter((name) => typeof name === 'string');
  return [...new Set(texts)].toSorted(compareText);
}

/** CloudCredentials are what the providers in the cluster got, and the cloud that knows what these refer to. */
export interface CloudCredentials {
  readonly cloud: Cloud;
  readonly refs: readonly CredentialRef[];
}

/**
 * cloudCredentials returns the credentials that were copied for the identity of a cluster, by its AgentInstallation or
 * its claim: of two identities only the second is copied, and that of the infrastructure provider itself never.
 */
export function cloudCredentials(
  object: KubeObject | undefined,
  namespace: string,
): CloudCredentials | undefined {
  const named = recordIn(recordIn(object, 'spec'), 'cloud');
  const cloud = cloudNamed(named?.['provider']);
  const identity = identityIn(named, 'workloadIdentityRef') ?? identityIn(named, 'identityRef');
  if (cloud?.credentials === undefined || identity === undefined) return undefined;
  const refs = cloud.credentials(identity, namespace);
  return { cloud, refs: refs.filter((ref) => cloud.isOfController?.(ref) !== true) };
}

function identityIn(cloud: unknown, field: string): IdentityRef | undefined {
  const { kind, name } = recordIn(cloud, field) ?? {};
  if (typeof name !== 'string') return undefined;
  return { name, ...(typeof kind === 'string' ? { kind } : {}) };
}

function listIn(value: unknown, field: string): readonly unknown[] {
  const list = isRecord(value) ? value[field] : undefined;
  return Array.isArray(list) ? list : [];
}
