import { kubeconfigSecretOf } from '../../../capi/object-names.ts';
import {
  NAMESPACED_MANAGED_CLUSTER,
  MANAGED_CLUSTER_CLAIM,
  X_MANAGED_CLUSTER,
} from '../../../lib/apis/kinds.ts';
import { isPaused } from '../../../lib/apis/pause.ts';
import { TEARDOWN_FINALIZER } from '../../../lib/apis/ownership.ts';
import { isTrue } from '../../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import type { ClusterRef } from '../escrow/escrow-set.ts';

/**
 * FORCE_ESCROW_ANNOTATION on a composite or claim: do not wait for a workload API server that is
 * permanently dead.
 */
export const FORCE_ESCROW_ANNOTATION = 'managedcluster.io/force-escrow';

/**
 * REMOVED_ANNOTATION on a composite is irreversible: nothing of its cluster is left to take back or remove.
 * The objects that would prove it are released afterwards, and the report can be lost; the composite
 * cannot.
 */
export const REMOVED_ANNOTATION = 'managedcluster.io/teardown-removed';

/**
 * HOME_ANNOTATION on a composite is irreversible: the cluster was taken back outside of this teardown, so
 * it need not be taken back, even after its Cluster that would show it has been removed.
 */
export const HOME_ANNOTATION = 'managedcluster.io/teardown-home';

/**
 * Crossplane v2.3 internal/controller/apiextensions/composite sets it on every composite and removes it
 * when core has released the composite.
 */
const CROSSPLANE_FINALIZER = 'composite.apiextensions.crossplane.io';

/** COMPOSITE_LABEL is on every object that Crossplane composes: the name of the composite. */
export const COMPOSITE_LABEL = 'crossplane.io/composite';

/** ClaimRef identifies the claim of a composite. */
export interface ClaimRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Subject is what a teardown removes: a composite and its cluster. */
export interface Subject {
  readonly composite: KubeObject;
  /** The claim; undefined if there is none or it no longer exists. */
  readonly claim: KubeObject | undefined;
  readonly cluster: ClusterRef;
  /** Name of the cloud; undefined if the composite never had one. */
  readonly provider: string | undefined;
  /** The Secret with the kubeconfig of the cluster. */
  readonly kubeconfig: { readonly name: string; readonly key: string };
  /** Composite or claim is paused. */
  readonly paused: boolean;
  /** The cluster is to be kept. */
  readonly orphan: boolean;
  /** The user declared the cluster permanently dead. */
  readonly forced: boolean;
  /** The function has recorded that the cluster was handed over. */
  readonly committed: boolean;
  /** {@link REMOVED_ANNOTATION} is set. */
  readonly removed: boolean;
  /** {@link HOME_ANNOTATION} is set. */
  readonly home: boolean;
  /** The namespace is being deleted, so no object can be created in it. */
  readonly terminating: boolean;
  /** The composite no longer exists; see {@link isUnguarded}. */
  readonly gone: boolean;
}

/** compositeTypeOf returns the kind of a composite by its key: claims have cluster-scoped composites. */
export function compositeTypeOf(
  namespace: string,
): typeof X_MANAGED_CLUSTER | typeof NAMESPACED_MANAGED_CLUSTER {
  return namespace === '' ? X_MANAGED_CLUSTER : NAMESPACED_MANAGED_CLUSTER;
}

/** claimRefOf returns the reference to the claim; undefined for a namespaced composite. */
export function claimRefOf(composite: KubeObject): ClaimRef | undefined {
  const ref = recordIn(composite['spec'], 'claimRef');
  const namespace = textOf(ref?.['namespace']);
  const name = textOf(ref?.['name']);
  if (namespace === undefined || name === undefined) return undefined;
  return { ...MANAGED_CLUSTER_CLAIM, namespace, name };
}

/**
 * clusterOf returns the Cluster with the name that the function gives it; undefined if nothing can have
 * been created.
 */
export function clusterOf(composite: KubeObject): ClusterRef | undefined {
  const claim = claimRefOf(composite);
  const { name, namespace } = composite.metadata;
  if (claim !== undefined) return { namespace: claim.namespace, name: claim.name };
  return name === undefined || namespace === undefined ? undefined : { namespace, name };
}

/**
 * subjectOf reads the subject of a teardown; undefined if the composite never had a namespace to create
 * anything in.
 */
export function subjectOf(
  composite: KubeObject,
  claim: KubeObject | undefined,
  terminating: boolean,
): Subject | undefined {
  const cluster = clusterOf(composite);
  if (cluster === undefined) return undefined;
  const spec = recordIn(composite, 'spec');
  const named = recordIn(recordIn(spec, 'agent'), 'kubeconfigSecretRef');
  const own = kubeconfigSecretOf(cluster.name);
  return {
    composite,
    claim,
    cluster,
    provider: textOf(recordIn(spec, 'cloud')?.['provider']),
    // The Secret of Cluster API, unless the claim refers to another one.
    kubeconfig: {
      name: textOf(named?.['name']) ?? own.name,
      key: textOf(named?.['key']) ?? own.key,
    },
    paused: [composite, claim].some(isPaused),
    orphan: policyOf(composite, claim) === 'Orphan',
    forced: [composite, claim].some((object) => isMarked(object, FORCE_ESCROW_ANNOTATION)),
    committed: recordIn(composite, 'status')?.['committed'] === true,
    removed: isMarked(composite, REMOVED_ANNOTATION),
    home: isMarked(composite, HOME_ANNOTATION),
    terminating,
    gone: false,
  };
}

function isMarked(object: KubeObject | undefined, annotation: string): boolean {
  return object?.metadata.annotations?.[annotation] === 'true';
}

/** Crossplane does not sync a claim that is being deleted, so the policy of the claim takes precedence. */
function policyOf(composite: KubeObject, claim: KubeObject | undefined): unknown {
  const [ofClaim, own] = [claim, composite].map(
    (object) => recordIn(object, 'spec')?.['deletionPolicy'],
  );
  return ofClaim ?? own;
}

/** isHeldByCrossplane reports whether core may still compose for a composite that is being deleted. */
export function isHeldByCrossplane(composite: KubeObject): boolean {
  return composite.metadata.finalizers?.includes(CROSSPLANE_FINALIZER) ?? false;
}

/**
 * mayBeGuarded reports whether a composite gets our finalizer: not if it was paused before anything was
 * composed for it, because nothing would remove the finalizer again.
 */
export function mayBeGuarded(composite: KubeObject): boolean {
  return !isPaused(composite) || isHeldByCrossplane(composite);
}

/**
 * isUnguarded reports whether a composite was deleted before it had our finalizer because no provider was
 * running. Kubernetes does not accept new finalizers on an object that is being deleted, so the composite
 * disappears before its cluster.
 */
export function isUnguarded({ composite, committed, removed }: Subject): boolean {
  const { deletionTimestamp, finalizers = [] } = composite.metadata;
  // A cluster that was handed over or removed had the finalizer before: the composite disappears at the end
  // of its teardown.
  if (committed || removed) return false;
  return deletionTimestamp !== undefined && !finalizers.includes(TEARDOWN_FINALIZER);
}

/**
 * goneSubject returns a subject whose composite no longer exists: Crossplane has released it, and no status
 * is reported.
 */
export function goneSubject(subject: Subject, terminating: boolean): Subject {
  const { composite } = subject;
  const metadata = { ...composite.metadata, finalizers: [] };
  return { ...subject, composite: { ...composite, metadata }, terminating, gone: true };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** hasStarted reports whether the control plane of the cluster ever started: it can have ordered things, and answer. */
export function hasStarted({ composite }: Pick<Subject, 'composite'>): boolean {
  return isTrue(composite, 'ControlPlaneInitialized');
}
