import { type KubeObject, type ObjectMeta, isRecord, recordIn } from '../../lib/core/object.ts';
import {
  NAMESPACED_MANAGED_CLUSTER,
  MANAGED_CLUSTER_CLAIM,
  X_MANAGED_CLUSTER,
} from '../../lib/apis/kinds.ts';
import type { RenderInput } from './render-case.ts';

/** Flavour is one of the two ways in which a user can write a ManagedCluster (DESIGN 3). */
export type Flavour = 'claim' | 'namespaced';

/** Both flavours, in the order in which they are shown. */
export const FLAVOURS: readonly Flavour[] = ['claim', 'namespaced'];

/** End of the name of a composite that Crossplane makes for a claim. */
const SUFFIX = '-x7k2p';

const CLAIM_LABELS = ['crossplane.io/claim-name', 'crossplane.io/claim-namespace'];

/** The flavour of a composite; undefined for a cluster-scoped one without a claim, which is neither. */
export function flavourOf({ kind, ...composite }: KubeObject): Flavour | undefined {
  if (kind === NAMESPACED_MANAGED_CLUSTER.kind) return 'namespaced';
  return recordIn(composite['spec'], 'claimRef') === undefined ? undefined : 'claim';
}

/**
 * The same situation in another flavour, as it would be had the user written the other one: the
 * function's answer must be the same. Undefined where a situation exists in one flavour only.
 */
export function inFlavour(input: RenderInput, flavour: Flavour): RenderInput | undefined {
  const own = flavourOf(input.composite);
  if (own === undefined || own === flavour) return own === undefined ? undefined : input;
  const composite =
    flavour === 'claim' ? behindClaim(input.composite) : namespaced(input.composite);
  return {
    composite,
    observed: input.observed.map((object) => composedBy(composite, object)),
    required: input.required,
  };
}

/** The composite that Crossplane makes for a claim of the same content. */
export function behindClaim({ metadata, ...rest }: KubeObject): KubeObject {
  const { name = '', namespace = '', ...kept } = metadata;
  const { crossplane: _machinery, ...spec } = specOf(rest['spec']);
  const claimRef = { ...MANAGED_CLUSTER_CLAIM, name, namespace };
  return {
    ...rest,
    ...X_MANAGED_CLUSTER,
    metadata: {
      ...kept,
      name: `${name}${SUFFIX}`,
      labels: { ...kept.labels, ...labelsOf(name, namespace) },
    },
    spec: { ...spec, claimRef },
  };
}

/** The namespaced composite of the same content as the one behind a claim. */
function namespaced({ metadata, ...rest }: KubeObject): KubeObject {
  const { claimRef, resourceRefs: _refs, ...spec } = specOf(rest['spec']);
  const { name, namespace } = isRecord(claimRef) ? claimRef : {};
  const { claimConditionTypes: _types, ...status } = specOf(rest['status']);
  return {
    ...rest,
    ...NAMESPACED_MANAGED_CLUSTER,
    metadata: {
      ...withoutClaimLabels(metadata),
      name: String(name),
      namespace: String(namespace),
    },
    spec,
    ...(rest['status'] === undefined ? {} : { status }),
  };
}

function composedBy(composite: KubeObject, object: KubeObject): KubeObject {
  const { apiVersion, kind, metadata } = composite;
  const { name = '' } = metadata;
  const { ownerReferences, ...kept } = withoutClaimLabels(object.metadata);
  const claim = recordIn(composite['spec'], 'claimRef');
  return {
    ...object,
    metadata: {
      ...kept,
      labels: {
        ...kept.labels,
        'crossplane.io/composite': name,
        ...(claim === undefined ? {} : labelsOf(String(claim['name']), String(claim['namespace']))),
      },
      ...(ownerReferences === undefined
        ? {}
        : {
            ownerReferences: ownerReferences.map((owner) =>
              owner.uid === metadata.uid ? { ...owner, apiVersion, kind, name } : owner,
            ),
          }),
    },
  };
}

function withoutClaimLabels({ labels, ...metadata }: ObjectMeta): ObjectMeta {
  const kept = Object.entries(labels ?? {}).filter(([key]) => !CLAIM_LABELS.includes(key));
  return kept.length === 0 ? metadata : { ...metadata, labels: Object.fromEntries(kept) };
}

function labelsOf(name: string, namespace: string): Readonly<Record<string, string>> {
  return { 'crossplane.io/claim-name': name, 'crossplane.io/claim-namespace': namespace };
}

function specOf(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}
