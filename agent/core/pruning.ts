import type { PlanLayer } from '../../lib/apis/cluster-plan.generated.ts';
import { type KubeObject, groupOf } from '../../lib/core/object.ts';

/** PrunePolicy is what a layer says of objects that it no longer has; unsaid it is Safe. */
export type PrunePolicy = NonNullable<PlanLayer['prune']>;

/** PRUNE_ANNOTATION with the value `disabled` keeps an object, whatever its layer says. */
export const PRUNE_ANNOTATION = 'managedcluster.io/prune';

/** KEPT_ANNOTATION is on an object that was kept: the name of the layer that has let it go. */
export const KEPT_ANNOTATION = 'managedcluster.io/kept-from';

/** HELM_POLICY is how Helm is told to keep an object: with the value `keep`. */
export const HELM_POLICY = 'helm.sh/resource-policy';

/** UPGRADE_ANNOTATION says that {@link HELM_POLICY} is ours: until the upgrade of a release is over. */
export const UPGRADE_ANNOTATION = 'managedcluster.io/kept-during-upgrade';

/** What takes data of others along, or the way to it. */
const SAFE_KINDS: ReadonlySet<string> = new Set([
  '/Namespace',
  '/PersistentVolume',
  '/PersistentVolumeClaim',
  'apiextensions.k8s.io/CustomResourceDefinition',
  'storage.k8s.io/StorageClass',
]);

/** Namespaces that a layer may name but never takes away. */
const OWN_NAMESPACE = /^(default|kube-.*|managed-cluster-system)$/;

/** Says of the value of an annotation that the object is to be kept. */
type Keeps = (value: string) => boolean;

const KEEP: ReadonlyMap<string, Keeps> = new Map([
  [PRUNE_ANNOTATION, isDisabled],
  [HELM_POLICY, (value) => value.trim().toLowerCase() === 'keep'],
  ['kustomize.toolkit.fluxcd.io/prune', isDisabled],
  ['kustomize.toolkit.fluxcd.io/reconcile', isDisabled],
  ['argocd.argoproj.io/sync-options', isHeld],
]);

/** What Flux reads from labels as well. */
const KEEP_LABELS: ReadonlySet<string> = new Set([
  'kustomize.toolkit.fluxcd.io/prune',
  'kustomize.toolkit.fluxcd.io/reconcile',
]);

/**
 * keepReason is why an object that a layer no longer has is kept, as a clause; undefined when it goes.
 * Who has written `keep` on an object knows more of it than its layer, so that holds for Everything too.
 */
export function keepReason(object: KubeObject, policy: PrunePolicy = 'Safe'): string | undefined {
  const { apiVersion, kind, metadata } = object;
  const group = groupOf(apiVersion);
  if (group === '' && kind === 'Namespace' && OWN_NAMESPACE.test(metadata.name ?? '')) {
    return 'it belongs to the cluster';
  }
  const said = keepWord(object);
  if (said !== undefined) return `it says ${said}`;
  if (policy === 'Everything' || !SAFE_KINDS.has(`${group}/${kind}`)) return undefined;
  return `a ${kind} goes only with a layer that says prune: Everything`;
}

/** keepsByItself tells whether Helm keeps an object because of what others have written on it. */
export function keepsByItself({ metadata: { annotations = {} } }: KubeObject): boolean {
  return annotations[HELM_POLICY] === 'keep' && annotations[UPGRADE_ANNOTATION] === undefined;
}

/** What a chart writes need not be a text. */
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

/** Argo CD's options, separated by commas; one that has to be confirmed is confirmed by nobody here. */
function isHeld(value: string): boolean {
  return value.split(',').some((option) => /^(Prune|Delete)=(false|confirm)$/.test(option.trim()));
}
