import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { SECRET, type Cloud, type CredentialRef, type IdentityRef } from '../cloud.ts';
import { isEmptySelector, selects } from '../label-selector.ts';

const IDENTITY = {
  apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2',
  kind: 'VSphereClusterIdentity',
};

/** CAPV reads the Secret of a VSphereClusterIdentity from its own namespace. */
const CONTROLLER_NAMESPACE = 'capv-system';
const CONTROLLER_SECRET = 'capv-manager-bootstrap-credentials';

/** CAPV logs in with it at the server of a cluster without an identity (v1.16 pkg/session, facts/providers.md). */
const controllerSecret: CredentialRef = {
  ...SECRET,
  namespace: CONTROLLER_NAMESPACE,
  name: CONTROLLER_SECRET,
};

/** credentials returns the identity object, or the Secret in the namespace of the cluster. */
function credentials({ kind, name }: IdentityRef, namespace: string): readonly CredentialRef[] {
  return kind === IDENTITY.kind ? [{ ...IDENTITY, name }] : [{ ...SECRET, namespace, name }];
}

/** isOfController reports whether CAPV itself uses a Secret, for clusters without an identity. */
function isOfController({ kind, namespace, name }: CredentialRef): boolean {
  return kind === SECRET.kind && namespace === CONTROLLER_NAMESPACE && name === CONTROLLER_SECRET;
}

/** credentialsNamedBy returns the Secret of an identity object. */
function credentialsNamedBy(object: KubeObject): readonly CredentialRef[] {
  const name = recordIn(object, 'spec')?.['secretName'];
  if (object.kind !== IDENTITY.kind || typeof name !== 'string') return [];
  return [{ ...SECRET, namespace: CONTROLLER_NAMESPACE, name }];
}

/**
 * identityFor applies the rule of CAPV v1.16 (pkg/identity/identity.go, GetCredentials): without
 * allowedNamespaces no namespace is allowed, otherwise those that its selector selects; an empty
 * selector selects every namespace.
 */
function identityFor(identity: KubeObject, namespace: KubeObject): KubeObject | undefined {
  if (identity.kind !== IDENTITY.kind) return identity;
  const spec = recordIn(identity, 'spec');
  const allowed = recordIn(spec, 'allowedNamespaces');
  if (allowed === undefined) return undefined;
  const { selector } = allowed;
  if (isEmptySelector(selector)) return identity;
  const { name, labels = {} } = namespace.metadata;
  if (!selects(selector, labels)) return undefined;
  // The namespace in the workload cluster may lack these labels; every namespace has this one.
  const matchLabels = { 'kubernetes.io/metadata.name': name };
  return { ...identity, spec: { ...spec, allowedNamespaces: { selector: { matchLabels } } } };
}

/** vsphereCredentials is what a Cloud says about credentials, for vSphere. */
export const vsphereCredentials = {
  identities: [IDENTITY],
  serverOf: ({ vsphere }) => vsphere?.server,
  controllerSecret,
  credentials,
  isOfController,
  credentialsNamedBy,
  identityFor,
} as const satisfies Partial<Cloud>;
