import type { PlanLayer } from '../../lib/apis/cluster-plan.generated.ts';
import { type KubeObject, groupOf } from '../../lib/core/object.ts';

/** PrunePolicy is the policy of a layer for objects that it no longer has; the default is Safe. */
export type PrunePolicy = NonNullable<PlanLayer['prune']>;

/** PRUNE_ANNOTATION with the value `disabled` keeps an object, whatever the policy of its layer. */
export const PRUNE_ANNOTATION = 'managedcluster.io/prune';

/** KEPT_ANNOTATION on a kept object has the name of the layer that it belonged to. */
export const KEPT_ANNOTATION = 'managedcluster.io/kept-from';

/** HELM_POLICY with the value `keep` makes Helm keep an object. */
export const HELM_POLICY = 'helm.sh/resource-policy';

/** UPGRADE_ANNOTATION marks that we set {@link HELM_POLICY} for the duration of an upgrade. */
export const UPGRADE_ANNOTATION = 'managedcluster.io/kept-during-upgrade';

/** Kinds whose deletion deletes data of others, or the access to it. */
const SAFE_KINDS: ReadonlySet<string> = new Set([
  '/Namespace',
  '/PersistentVolume',
  '/PersistentVolumeClaim',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'storage.k8s.io/StorageClass',
]);

/** Namespaces that a layer may have but that are never deleted. */
const OWN_NAMESPACE = /^(default|kube-.*|managed-cluster-system)$/;

/** Annotations, and when their values keep an object. */
type Keeps = (value: string) => boolean;

const KEEP: ReadonlyMap<string, Keeps> = new Map([
  [PRUNE_ANNOTATION, isDisabled],
  [HELM_POLICY, (value) => value.trim().toLowerCase() === 'keep'],
  ['kustomize.toolkit.fluxcd.io/prune', isDisabled],
  ['kustomize.toolkit.fluxcd.io/reconcile', isDisabled],
  ['argocd.argoproj.io/sync-options', isHeld],
]);

/** Annotations that Flux also reads from labels. */
const KEEP_LABELS: ReadonlySet<string> = new Set([
  'kustomize.toolkit.fluxcd.io/prune',
  'kustomize.toolkit.fluxcd.io/reconcile',
]);

/**
 * keepReason is why an object that a layer no longer has is kept, as a clause; undefined when it is
 * deleted. An annotation on the object takes precedence over the layer, even with Everything.
 */
export function keepReason(object: KubeObject, policy: PrunePolicy = 'Safe'): string | undefined {
  const { apiVersion, kind, metadata } = object;
  const group = groupOf(apiVersion);
  if (group === '' && kind === 'Namespace' && OWN_NAMESPACE.test(metadata.name ?? '')) {
    return 'it is a system namespace of the cluster';
  }
  const said = keepWord(object);
  if (said !== undefined) return `it has ${said}`;
  if (policy === 'Everything' || !SAFE_KINDS.has(`${group}/${kind}`)) return undefined;
  return `a ${kind} is deleted only by a layer with prune: Everything`;
}

/** keepsByItself reports whether Helm keeps an object because of an annotation that others have set. */
export function keepsByItself({ metadata: { annotations = {} } }: KubeObject): boolean {
  return annotations[HELM_POLICY] === 'keep' && annotations[UPGRADE_ANNOTATION] === undefined;
}

/** The value in a chart may not be a string. */
function keepWord({ metadata: { annotations = {}, labels = {} } }: KubeObject): string | undefined {
  const isOurs = annotations[UPGRADE_ANNOTATION] !== undefined;
  const said = [
    ...Object.entries<unknown>(annotations).filter(([name]) => !isOurs || name !== HELM_POLICY),
    ...Object.entries<unknown>(labels).filter(([name]) => KEEP_LABELS.has(name)),
  ].map(([name, value]) => [name, String(value)] as const);
  const [name, value] = said.find(([key, text]) => KEEP.get(key)?.(text) === true) ?? [];
  return name === undefined ? undefined : `${name}: ${value}`;
}

function isDisabled(value: string): boolean {
  return value.trim().toLowerCase() === 'disabled';
}

/** Argo CD's options, separated by commas; options that need a confirmation count as keep. */
function isHeld(value: string): boolean {
  return value.split(',').some((option) => /^(Prune|Delete)=(false|confirm)$/.test(option.trim()));
}
