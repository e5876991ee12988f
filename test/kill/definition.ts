import { X_MANAGED_CLUSTER } from '../../lib/apis/kinds.ts';
import type { KubeObject } from '../../lib/core/object.ts';

/** definition is a kind as Crossplane makes one of our definitions, as far as a teardown needs it. */
export function definition({
  apiVersion,
  kind,
}: {
  readonly apiVersion: string;
  readonly kind: string;
}): KubeObject {
  const [group = '', version = ''] = apiVersion.split('/');
  const singular = kind.toLowerCase();
  const schema = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true };
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${singular}s.${group}` },
    spec: {
      group,
      scope: kind === X_MANAGED_CLUSTER.kind ? 'Cluster' : 'Namespaced',
      names: { kind, singular, plural: `${singular}s`, listKind: `${kind}List` },
      versions: [
        {
          name: version,
          served: true,
          storage: true,
          subresources: { status: {} },
          schema: { openAPIV3Schema: schema },
        },
      ],
    },
  };
}
