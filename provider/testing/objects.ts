import type { KubeObject, OwnerReference } from '../../lib/core/object.ts';

/** Given is the part of an object that a test sets. */
export interface Given {
  readonly apiVersion?: string;
  readonly uid?: string;
  readonly owners?: readonly (Partial<OwnerReference> & { readonly uid: string })[];
  readonly metadata?: Partial<KubeObject['metadata']>;
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: Readonly<Record<string, unknown>>;
}

/** anObject returns an object as an API server returns it; its default uid is `<kind>-<name>`. */
export function anObject(kind: string, name: string, given: Given = {}): KubeObject {
  const { apiVersion, uid = `${kind}-${name}`, owners = [], metadata, spec, status } = given;
  const core = kind === 'Secret' || kind === 'ConfigMap';
  return {
    apiVersion: apiVersion ?? (core ? 'v1' : 'cluster.x-k8s.io/v1beta2'),
    kind,
    metadata: {
      name,
      namespace: 'ns',
      uid,
      resourceVersion: '7',
      generation: 3,
      ...(owners.length === 0 ? {} : { ownerReferences: owners.map(anOwner) }),
      ...metadata,
    },
    ...(spec === undefined ? {} : { spec }),
    ...(status === undefined ? {} : { status }),
  };
}

function anOwner(owner: Partial<OwnerReference> & { readonly uid: string }): OwnerReference {
  return { apiVersion: 'cluster.x-k8s.io/v1beta2', kind: 'Owner', name: owner.uid, ...owner };
}

/** LABEL makes an object belong to cluster `demo`. */
export const LABEL = { 'cluster.x-k8s.io/cluster-name': 'demo' };
