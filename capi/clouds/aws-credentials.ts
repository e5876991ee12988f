import { type KubeObject, isRecord, recordIn } from '../../lib/core/object.ts';
import { SECRET, type CredentialRef, type IdentityRef } from '../cloud.ts';
import { isEmptySelector, selects } from '../label-selector.ts';

const API_VERSION = 'infrastructure.cluster.x-k8s.io/v1beta2';

/** Credentials of CAPA itself, and Secrets of static identities, are in its own namespace. */
const CONTROLLER_NAMESPACE = 'capa-system';
const CONTROLLER_SECRET = 'capa-manager-bootstrap-credentials';

/** credentials: the identity object that is named. */
export function credentials({ kind = '', name }: IdentityRef): readonly CredentialRef[] {
  return [{ apiVersion: API_VERSION, kind, name }];
}

/** credentialsNamedBy: the Secret of an identity object, or the identity that a role is assumed by. */
export function credentialsNamedBy(identity: KubeObject): readonly CredentialRef[] {
  const { kind } = identity;
  const spec = recordIn(identity, 'spec');
  const secret = { ...SECRET, namespace: CONTROLLER_NAMESPACE };
  if (kind === 'AWSClusterControllerIdentity') return [{ ...secret, name: CONTROLLER_SECRET }];
  if (kind === 'AWSClusterStaticIdentity') {
    const name = spec?.['secretRef'];
    return typeof name === 'string' ? [{ ...secret, name }] : [];
  }
  const source = recordIn(spec, 'sourceIdentityRef');
  const { kind: sourceKind, name } = source ?? {};
  if (typeof sourceKind !== 'string' || typeof name !== 'string') return [];
  return credentials({ kind: sourceKind, name });
}

/**
 * identityFor is the rule of CAPA v2.11 (pkg/cloud/scope/session.go, isClusterPermittedToUsePrincipal),
 * which holds for every identity of a chain: without allowedNamespaces nobody, with an empty one
 * everybody, else who is listed or selected. CAPA itself writes the empty one as `{list: null, selector:
 * {}}`.
 */
export function identityFor(identity: KubeObject, namespace: KubeObject): KubeObject | undefined {
  if (identity.kind === SECRET.kind) return identity;
  const spec = recordIn(identity, 'spec');
  const allowed = recordIn(spec, 'allowedNamespaces');
  if (allowed === undefined) return undefined;
  const { list = null, selector } = allowed;
  const { name = '', labels = {} } = namespace.metadata;
  const isListed = Array.isArray(list) ? list.includes(name) : isZero(selector);
  if (isListed) return identity;
  if (isEmptySelector(selector) || !selects(selector, labels)) return undefined;
  // The namespace in the workload cluster need not have these labels.
  return { ...identity, spec: { ...spec, allowedNamespaces: { list: [name] } } };
}

function isZero(selector: unknown): boolean {
  return !isRecord(selector) || Object.keys(selector).length === 0;
}
