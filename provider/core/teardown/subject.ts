import { kubeconfigSecretOf } from '../../../capi/object-names.ts';
import {
  NAMESPACED_MANAGED_CLUSTER,
  MANAGED_CLUSTER_CLAIM,
  X_MANAGED_CLUSTER,
} from '../../../lib/apis/kinds.ts';
import { isPaused } from '../../../lib/apis/pause.ts';
import { TEARDOWN_FINALIZER } from '../../../lib/apis/ownership.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import type { ClusterRef } from '../escrow/escrow-set.ts';

/** FORCE_ESCROW_ANNOTATION on composite or claim: do not wait for a workload API that is dead for good. */
export const FORCE_ESCROW_ANNOTATION = 'managedcluster.io/force-escrow';

/**
 * REMOVED_ANNOTATION on a composite is a one-way door: nothing is left of its cluster that has to be
 * taken back or removed. The objects that would prove it are released behind that door, and the report
 * can be lost; the composite can't.
 */
export const REMOVED_ANNOTATION = 'managedcluster.io/teardown-removed';

/**
 * HOME_ANNOTATION on a composite is a one-way door: somebody else has brought the cluster back, so there is
 * nothing to take back, also when its Cluster that would show it has been removed.
 */
export const HOME_ANNOTATION = 'managedcluster.io/teardown-home';

/** Crossplane v2.3 internal/controller/apiextensions/composite: on every composite until core has let go of it. */
const CROSSPLANE_FINALIZER = 'composite.apiextensions.crossplane.io';

/** COMPOSITE_LABEL is on everything that Crossplane composes: the name of the composite. */
export const COMPOSITE_LABEL = 'crossplane.io/composite';

/** ClaimRef names the claim behind a composite. */
export interface ClaimRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Subject is what is torn down: a composite, and the cluster that it stands for. */
export interface Subject {
  readonly composite: KubeObject;
  /** The claim as it is; undefined when there is none, or it is gone already. */
  readonly claim: KubeObject | undefined;
  readonly cluster: ClusterRef;
  /** Name of the cloud; undefined when the composite never had one. */
  readonly provider: string | undefined;
  /** Secret by which the cluster is reached. */
  readonly kubeconfig: { readonly name: string; readonly key: string };
  /** Nothing may be done, as composite or claim says. */
  readonly paused: boolean;
  /** The cluster shall live on. */
  readonly orphan: boolean;
  /** The user says that the cluster is dead for good. */
  readonly forced: boolean;
  /** The function has noted that the cluster was handed over. */
  readonly committed: boolean;
  /** The door of {@link REMOVED_ANNOTATION} is behind us. */
  readonly removed: boolean;
  /** The door of {@link HOME_ANNOTATION} is behind us. */
  readonly home: boolean;
  /** The namespace is being deleted: nothing can be made in it any more. */
  readonly terminating: boolean;
  /** The composite itself is gone already; see {@link isUnguarded}. */
  readonly gone: boolean;
}

/** compositeTypes are the two kinds of composites. */
export const compositeTypes = [X_MANAGED_CLUSTER, NAMESPACED_MANAGED_CLUSTER] as const;

/** compositeTypeOf is the kind that a key stands for: claims have cluster-scoped composites. */
export function compositeTypeOf(
  namespace: string,
): typeof X_MANAGED_CLUSTER | typeof NAMESPACED_MANAGED_CLUSTER {
  return namespace === '' ? X_MANAGED_CLUSTER : NAMESPACED_MANAGED_CLUSTER;
}

/** claimRefOf names the claim; undefined for a namespaced composite. */
export function claimRefOf(composite: KubeObject): ClaimRef | undefined {
  const ref = recordIn(composite['spec'], 'claimRef');
  const namespace = textOf(ref?.['namespace']);
  const name = textOf(ref?.['name']);
  if (namespace === undefined || name === undefined) return undefined;
  return { ...MANAGED_CLUSTER_CLAIM, namespace, name };
}

/** clusterOf names the Cluster as the function names it; undefined when nothing can have been made. */
export function clusterOf(composite: KubeObject): ClusterRef | undefined {
  const claim = claimRefOf(composite);
  const { name, namespace } = composite.metadata;
  if (claim !== undefined) return { namespace: claim.namespace, name: claim.name };
  return name === undefined || namespace === undefined ? undefined : { namespace, name };
}

/** subjectOf reads what is torn down; undefined when the composite never had a place to make anything in. */
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
    // That of Cluster API, unless the claim names another.
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

/** Crossplane copies a claim that is being deleted no more, so what was changed there since counts. */
function policyOf(composite: KubeObject, claim: KubeObject | undefined): unknown {
  const [ofClaim, own] = [claim, composite].map(
    (object) => recordIn(object, 'spec')?.['deletionPolicy'],
  );
  return ofClaim ?? own;
}

/** isHeldByCrossplane tells whether core may still be composing for a composite that is being deleted. */
export function isHeldByCrossplane(composite: KubeObject): boolean {
  return composite.metadata.finalizers?.includes(CROSSPLANE_FINALIZER) ?? false;
}

/**
 * mayBeGuarded tells whether a composite shall bear our finalizer: not one that was paused before anything
 * was composed for it, because nobody would take the finalizer off again.
 */
export function mayBeGuarded(composite: KubeObject): boolean {
  return !isPaused(composite) || isHeldByCrossplane(composite);
}

/**
 * isUnguarded tells whether a composite was deleted before it bore our finalizer: no provider ran while it
 * lived. Kubernetes adds no finalizer to what is being deleted, so it goes before its cluster does.
 */
export function isUnguarded({ composite, committed, removed }: Subject): boolean {
  const { deletionTimestamp, finalizers = [] } = composite.metadata;
  // What was handed over, or is removed already, once had the finalizer: then it goes at its end.
  if (committed || removed) return false;
  return deletionTimestamp !== undefined && !finalizers.includes(TEARDOWN_FINALIZER);
}

/** goneSubject is a subject whose composite has gone: Crossplane has let go of it, and nothing is shown on it. */
export function goneSubject(subject: Subject, terminating: boolean): Subject {
  const { composite } = subject;
  const metadata = { ...composite.metadata, finalizers: [] };
  return { ...subject, composite: { ...composite, metadata }, terminating, gone: true };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}
