import { SECRET, type Cloud, type CredentialRef } from '../../capi/cloud.ts';
import { clouds } from '../../capi/clouds/index.ts';
import type { ManagedClusterSpec } from '../../lib/apis/managed-cluster.generated.ts';
import { secretRefusal, serverRefusal } from '../../lib/apis/opt-in.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import type { Observed, Target } from './observed.ts';
import type { Problem } from './problem.ts';

/** IDENTITY is the key of the identity object or Secret that the claim refers to, without its data. */
export const IDENTITY = 'identity';

/**
 * keptOf returns what the function keeps of an object that it asked for by a key. The credentials of an identity go
 * no further: only what their owner allows is read.
 */
export function keptOf(key: string, object: KubeObject): KubeObject {
  if (key !== IDENTITY) return object;
  const { data: _data, stringData: _text, ...kept } = object;
  return kept;
}

/**
 * checkedIdentity returns the object that must allow the cluster to use it before anything is created, because
 * Cluster API logs in with it at once: a Secret, or an identity whose credentials are sent to a server that the
 * claim names. Without an identity Cluster API uses its own credentials, also at a server of the claim. Undefined if
 * there is nothing to check. Cluster API itself checks the namespaces of an identity.
 */
export function checkedIdentity(
  { cloud }: ManagedClusterSpec,
  { namespace }: Target,
): CredentialRef | undefined {
  const own: Cloud = clouds[cloud.provider];
  if (cloud.identityRef === undefined) return own.controllerSecret;
  const [ref] = own.credentials?.(cloud.identityRef, namespace) ?? [];
  return ref?.kind === SECRET.kind || own.serverOf !== undefined ? ref : undefined;
}

/** identityProblems returns why the claim cannot use the object that it refers to; empty if it can. */
export function identityProblems(
  spec: ManagedClusterSpec,
  target: Target,
  { required }: Observed,
): readonly Problem[] {
  const ref = checkedIdentity(spec, target);
  if (ref === undefined) return [];
  const object = required[IDENTITY]?.[0];
  const isNamed = spec.cloud.identityRef !== undefined;
  if (object === undefined) return [notFound(ref, isNamed)];
  const isSecret = isNamed && ref.kind === SECRET.kind;
  const secret = isSecret ? secretRefusal(object, target.name) : undefined;
  const cloud: Cloud = clouds[spec.cloud.provider];
  const server = cloud.serverOf?.(spec.cloud);
  const sent = server === undefined ? undefined : serverRefusal(object, server);
  return [
    ...(secret === undefined ? [] : [problem('SecretNotAllowed', secret)]),
    ...(sent === undefined ? [] : [problem('ServerNotAllowed', sent)]),
  ];
}

function notFound({ kind, namespace, name }: CredentialRef, isNamed: boolean): Problem {
  const title = namespace === undefined ? name : `${namespace}/${name}`;
  const next = isNamed ? 'create it' : 'refer to an identity';
  return problem('IdentityNotFound', `${kind} ${title} does not exist: ${next}`);
}

/** A change of the object is not watched. */
function problem(reason: Problem['reason'], what: string): Problem {
  return { reason, message: `spec.cloud.identityRef: ${what}`, awaited: true };
}
