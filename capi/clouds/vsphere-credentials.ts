import { recordIn } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { SECRET, type CredentialRef, type IdentityRef } from '../cloud.ts';

const IDENTITY = {
  apiVersion: 'infrastructure.cluster.x-k8s.io/v1beta2',
  kind: 'VSphereClusterIdentity',
};

/** CAPV reads the Secret of a VSphereClusterIdentity in its own namespace. */
const CONTROLLER_NAMESPACE = 'capv-system';

/** credentials: an identity object, or a Secret beside the cluster. */
export function credentials(
  { kind, name }: IdentityRef,
  namespace: string,
): readonly CredentialRef[] {
  return kind === IDENTITY.kind ? [{ ...IDENTITY, name }] : [{ ...SECRET, namespace, name }];
}

/** credentialsNamedBy: the Secret of an identity object. */
export function credentialsNamedBy(object: KubeObject): readonly CredentialRef[] {
  const name = recordIn(object, 'spec')?.['secretName'];
  if (object.kind !== IDENTITY.kind || typeof name !== 'string') return [];
  return [{ ...SECRET, namespace: CONTROLLER_NAMESPACE, name }];
}
