import { type Cloud, type CredentialRef, SECRET } from '../../../capi/cloud.ts';
import { closedSecret, copyRefusal, secretRefusal } from '../../../lib/apis/opt-in.ts';
import type { KubeObject } from '../../../lib/core/object.ts';

/** Asked is a credential that a claim refers to, directly or through an identity. */
export interface Asked {
  readonly cloud: Cloud;
  readonly source: CredentialRef;
  /** Undefined if it does not exist. */
  readonly object: KubeObject | undefined;
  /** The object as {@link Cloud.identityFor} restricts it; undefined if the namespace cannot use it. */
  readonly usable: KubeObject | undefined;
  /** Whether the claim refers to it directly. */
  readonly direct: boolean;
}

/** CredentialRefusal is why a credential is not copied, as a sentence that says what to do. */
export interface CredentialRefusal {
  readonly reason:
    | 'CredentialMissing'
    | 'IdentityNotAllowed'
    | 'SecretNotAllowed'
    | 'CopyNotAllowed'
    | 'ControllerIdentity';
  readonly message: string;
}

/**
 * credentialRefusal returns why a credential is not copied into a cluster; undefined if it is. Whoever is root
 * in the cluster can read the copy, so its owner must agree: the right to use an identity on the management
 * side is not the right to have its keys.
 */
export function credentialRefusal(
  { cloud, source, object, usable, direct }: Asked,
  { namespace, name: cluster }: { readonly namespace: string; readonly name: string },
): CredentialRefusal | undefined {
  const isOfController = cloud.isOfController?.(source) === true;
  const isIdentity = source.kind !== SECRET.kind;
  // As the source of a role the identity object says only who assumes it; it has no credential of its own.
  if (isOfController && (direct || !isIdentity)) return ofController(source, direct);
  if (object === undefined) {
    const message = `${described(source)} does not exist: create it`;
    return { reason: 'CredentialMissing', message };
  }
  if (usable === undefined) {
    return {
      reason: 'IdentityNotAllowed',
      message: `${described(source)} does not allow clusters in namespace ${namespace}: ask its owner to add the namespace to spec.allowedNamespaces, or refer to another identity`,
    };
  }
  if (isOfController) return undefined;
  if (isIdentity) return refusal('CopyNotAllowed', copyRefusal(object, namespace));
  // The owner of an identity agrees for its Secret, too.
  const closed = direct ? secretRefusal(object, cluster) : closedSecret(object, cluster);
  return refusal('SecretNotAllowed', closed);
}

function refusal(
  reason: CredentialRefusal['reason'],
  message: string | undefined,
): CredentialRefusal | undefined {
  return message === undefined ? undefined : { reason, message };
}

function ofController(source: CredentialRef, direct: boolean): CredentialRefusal {
  const next = direct
    ? 'refer to another identity; or, if the permissions of the machines are sufficient, set cloud.workloadIdentityRef to this identity'
    : 'ask its owner to use a Secret of its own';
  return {
    reason: 'ControllerIdentity',
    message: `${described(source)} belongs to the infrastructure provider on the management side and is never copied: ${next}`,
  };
}

function described({ kind, namespace, name }: CredentialRef): string {
  return `${kind} ${namespace === undefined ? name : `${namespace}/${name}`}`;
}
