import {
  CLAIM_GROUP,
  GROUP,
  NAMESPACED_MANAGED_CLUSTER,
  MANAGED_CLUSTER_CLAIM,
  VERSION,
  X_MANAGED_CLUSTER,
} from '../../lib/apis/kinds.ts';
import { clusterRules } from '../../lib/apis/schema/cluster-name.ts';
import { clusterStatus } from '../../lib/apis/schema/cluster-status.ts';
import type { Schema } from '../../lib/apis/schema/schema.ts';
import { clusterColumns } from './columns.ts';

const FUNCTION = 'function-managed-cluster';

/** CATEGORY is the `kubectl get` category of all our kinds; it must differ from the name of any kind. */
export const CATEGORY = 'managed-cluster';

/** BOTH is the category of the kinds that users create: `kubectl get mc` shows claims and namespaced composites. */
const BOTH = 'mc';

/** X_NAME is the name of the XRD, the CRD and the Composition of the composite of a claim. */
export const X_NAME = `xmanagedclusters.${CLAIM_GROUP}`;

/** NAMESPACED_NAME is the name of the XRD, the CRD and the Composition of the namespaced composite. */
export const NAMESPACED_NAME = `${NAMESPACED_MANAGED_CLUSTER.kind.toLowerCase()}s.${GROUP}`;

function names(kind: string, categories: readonly string[]): object {
  return {
    kind,
    listKind: `${kind}List`,
    plural: `${kind.toLowerCase()}s`,
    singular: kind.toLowerCase(),
    categories: [CATEGORY, ...categories],
  };
}

function version(spec: Schema): object {
  return {
    name: VERSION,
    served: true,
    referenceable: true,
    additionalPrinterColumns: clusterColumns,
    schema: {
      openAPIV3Schema: {
        description:
          'A Kubernetes cluster that is created from this object and then manages itself.',
        type: 'object',
        properties: { spec, status: clusterStatus },
        'x-kubernetes-validations': clusterRules,
      },
    },
  };
}

/**
 * legacyDefinition is the XRD with a claim. Composites are deleted in the foreground, so that the claim
 * stays until everything is deleted; this is safe only with the guard policy (DESIGN 5 and 8).
 */
export function legacyDefinition(spec: Schema): object {
  return {
    apiVersion: 'apiextensions.crossplane.io/v1',
    kind: 'CompositeResourceDefinition',
    metadata: { name: X_NAME },
    spec: {
      scope: 'LegacyCluster',
      group: CLAIM_GROUP,
      names: names(X_MANAGED_CLUSTER.kind, []),
      claimNames: names(MANAGED_CLUSTER_CLAIM.kind, [BOTH]),
      defaultCompositeDeletePolicy: 'Foreground',
      defaultCompositionRef: { name: X_NAME },
      versions: [version(spec)],
    },
  };
}

/** namespacedDefinition is the XRD of the namespaced composite. */
export function namespacedDefinition(spec: Schema): object {
  return {
    apiVersion: 'apiextensions.crossplane.io/v2',
    kind: 'CompositeResourceDefinition',
    metadata: { name: NAMESPACED_NAME },
    spec: {
      scope: 'Namespaced',
      group: GROUP,
      names: names(NAMESPACED_MANAGED_CLUSTER.kind, [BOTH]),
      defaultCompositionRef: { name: NAMESPACED_NAME },
      versions: [version(spec)],
    },
  };
}

/** compositions are both Compositions; our function is their only step. */
export function compositions(): readonly object[] {
  return [
    [X_NAME, X_MANAGED_CLUSTER] as const,
    [NAMESPACED_NAME, NAMESPACED_MANAGED_CLUSTER] as const,
  ].map(([name, compositeTypeRef]) => ({
    apiVersion: 'apiextensions.crossplane.io/v1',
    kind: 'Composition',
    metadata: { name },
    spec: {
      compositeTypeRef,
      mode: 'Pipeline',
      pipeline: [{ step: 'expand', functionRef: { name: FUNCTION } }],
    },
  }));
}
