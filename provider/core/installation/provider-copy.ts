import { CLUSTER_LABEL, HOLD_LABEL } from '../../../lib/apis/ownership.ts';
import {
  type JsonObject,
  type KubeObject,
  type ObjectMeta,
  isRecord,
  recordIn,
} from '../../../lib/core/object.ts';
import { type Fields, listIn, patchedFields, textIn } from './json.ts';

/** PROVIDER_LABEL is on every object of a provider (contract of clusterctl, CAPI v1.14). */
export const PROVIDER_LABEL = 'cluster.x-k8s.io/provider';

/** CopiedKind is a kind that is part of the installation of a provider. */
export interface CopiedKind {
  readonly apiVersion: string;
  readonly kind: string;
  /** Kinds of a lower wave are applied first, because other kinds refer to them. */
  readonly wave: number;
}

/**
 * COPIED_KINDS lists all kinds that are copied of a provider. Secrets are not copied: those of the
 * management side contain its own credentials and keys. Issuers and Certificates are not copied: this
 * provider issues the serving certificates itself.
 */
export const COPIED_KINDS: readonly CopiedKind[] = [
  { apiVersion: 'v1', kind: 'Namespace', wave: 0 },
  { apiVersion: 'v1', kind: 'ServiceAccount', wave: 1 },
  { apiVersion: 'v1', kind: 'ConfigMap', wave: 1 },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', wave: 1 },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', wave: 2 },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', wave: 1 },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', wave: 2 },
  { apiVersion: 'v1', kind: 'Service', wave: 1 },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'MutatingWebhookConfiguration',
    wave: 2,
  },
  {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    wave: 2,
  },
  { apiVersion: 'clusterctl.cluster.x-k8s.io/v1alpha3', kind: 'Provider', wave: 2 },
  { apiVersion: 'apps/v1', kind: 'Deployment', wave: 3 },
];

/** CRD is the kind CustomResourceDefinition; CRDs are applied before all other objects. */
export const CRD = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
} as const;

/** Annotations of API servers, kubectl, package managers and GitOps tools. */
const FOREIGN_NOTES =
  /^(kubectl\.kubernetes\.io|deployment\.kubernetes\.io|cert-manager\.io|meta\.helm\.sh|argocd\.argoproj\.io|kustomize\.toolkit\.fluxcd\.io|helm\.toolkit\.fluxcd\.io|kubernetes\.io)\//;

/** Fields that the API server or a controller sets, as merge patches on the object. */
const FILLED_IN: Readonly<Record<string, JsonObject>> = {
  Namespace: { spec: null },
  ServiceAccount: { secrets: null },
};

/**
 * copyOf returns an object for another cluster, without the fields that a server, controller or tool added.
 */
export function copyOf(object: KubeObject): KubeObject {
  const { apiVersion, kind, metadata, status: _status, ...body } = object;
  return { apiVersion, kind, metadata: metadataOf(metadata), ...bodyOf(object, body) };
}

/** labelledFor adds the label of a cluster, which the provider uses to find the objects that it created. */
export function labelledFor(cluster: string, object: KubeObject): KubeObject {
  const labels = { ...object.metadata.labels, [CLUSTER_LABEL]: cluster };
  return { ...object, metadata: { ...object.metadata, labels } };
}

function bodyOf(object: KubeObject, body: Fields): Fields {
  if (object.kind === 'Service') return { ...body, spec: serviceSpec(object) };
  if (object.kind === 'Deployment') return { ...body, spec: deploymentSpec(object) };
  // The aggregation controller sets the rules.
  if (object.kind === 'ClusterRole' && recordIn(object, 'aggregationRule') !== undefined) {
    return patchedFields(body, { rules: null });
  }
  return patchedFields(body, FILLED_IN[object.kind] ?? {});
}

function metadataOf({ name, namespace, labels, annotations }: ObjectMeta): ObjectMeta {
  return {
    ...(name === undefined ? {} : { name }),
    ...(namespace === undefined ? {} : { namespace }),
    ...notes('labels', labels),
    ...notes('annotations', annotations),
  };
}

function notes(
  field: 'labels' | 'annotations',
  record: Readonly<Record<string, string>> = {},
): Pick<ObjectMeta, 'labels' | 'annotations'> {
  const kept = Object.entries(record).filter(
    ([key]) => !FOREIGN_NOTES.test(key) && key !== HOLD_LABEL && key !== CLUSTER_LABEL,
  );
  return kept.length === 0 ? {} : { [field]: Object.fromEntries(kept) };
}

/** IP addresses and node ports belong to the cluster that allocated them; `None` is not an address. */
function serviceSpec(object: KubeObject): Fields {
  const headless = textIn(object['spec'], 'clusterIP') === 'None';
  const spec = patchedFields(object['spec'], {
    ...(headless ? {} : { clusterIP: null }),
    clusterIPs: null,
    ipFamilies: null,
    ipFamilyPolicy: null,
    healthCheckNodePort: null,
  });
  const ports = listIn(spec, 'ports').map(({ nodePort: _nodePort, ...port }) => port);
  return { ...spec, ports };
}

/**
 * Replicas are set in the workload cluster: one node needs one replica, and users may scale the Deployment.
 */
function deploymentSpec(object: KubeObject): Fields {
  const spec = patchedFields(object['spec'], { replicas: null });
  const template = recordIn(spec, 'template') ?? {};
  const {
    creationTimestamp: _time,
    annotations,
    ...metadata
  } = recordIn(template, 'metadata') ?? {};
  // Never an empty object: the server drops it, and it would count as missing in every reconcile.
  const kept = isRecord(annotations) ? textNotes(annotations) : {};
  const noted = { ...metadata, ...notes('annotations', kept) };
  return { ...spec, template: { ...template, metadata: noted } };
}

function textNotes(record: Fields): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, value] as const] : [],
    ),
  );
}
