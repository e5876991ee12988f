import { type KubeObject, isRecord, recordIn } from '../../lib/core/object.ts';
import { SECRET, type CredentialRef, type IdentityRef } from '../cloud.ts';
import { isEmptySelector, selects } from '../label-selector.ts';

const API_VERSION = 'infrastructure.cluster.x-k8s.io/v1beta2';

/** The namespace of CAPA contains its own credentials and the Secrets of static identities. */
const CONTROLLER_NAMESPACE = 'capa-system';
const CONTROLLER_IDENTITY = 'AWSClusterControllerIdentity';
const CONTROLLER_SECRET = 'capa-manager-bootstrap-credentials';

/** credentials returns the referenced identity object. */
export function credentials({ kind = '', name }: IdentityRef): readonly CredentialRef[] {
  return [{ apiVersion: API_VERSION, kind, name }];
}

/** isOfController reports whether CAPA itself uses a credential (facts/providers.md 19). */
export function isOfController({ kind, namespace, name }: CredentialRef): boolean {
  return (
    kind === CONTROLLER_IDENTITY ||
    (kind === SECRET.kind && namespace === CONTROLLER_NAMESPACE && name === CONTROLLER_SECRET)
  );
}

/**
 * credentialsNamedBy returns the Secret of a static identity, or the source identity of a role. The identity of
 * CAPA itself names no Secret: in each cluster it stands for what CAPA has there.
 */
export function credentialsNamedBy(identity: KubeObject): readonly CredentialRef[] {
  const { kind } = identity;
  const spec = recordIn(identity, 'spec');
  const secret = { ...SECRET, namespace: CONTROLLER_NAMESPACE };
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
 * identityFor applies the rule of CAPA v2.11 (pkg/cloud/scope/session.go, isClusterPermittedToUsePrincipal)
 * to each identity of a chain: without allowedNamespaces no namespace is allowed, with an empty value every
 * namespace, otherwise those that are listed or selected. CAPA writes the empty value as `{list: null,
 * selector: {}}`.
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
  // The namespace in the workload cluster may lack these labels.
  return { ...identity, spec: { ...spec, allowedNamespaces: { list: [name] } } };
}

function isZero(selector: unknown): boolean {
  return !isRecord(selector) || Object.keys(selector).length === 0;
}
