import {
  type AgentCluster,
  agentOwner,
  identityRefs,
  type IdentityRef,
} from '../../lib/apis/agent.ts';
import {
  CLUSTER_LABEL,
  CLUSTER_NAMESPACE_LABEL,
  COMPOSITE_UID_ANNOTATION,
} from '../../lib/apis/ownership.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { ownersOf } from '../../lib/core/owners.ts';
import type { Subject } from './snapshot.ts';

/** Look is what was found under the name of an object. Foreign: an object that was not made for this cluster. */
export type Look =
  | { readonly kind: 'There'; readonly object: KubeObject }
  | { readonly kind: 'Gone' }
  | { readonly kind: 'Foreign' }
  | { readonly kind: 'Unread'; readonly why: string };

/** IdentityLook is what was found of one object of the identity of an agent. */
export interface IdentityLook {
  readonly ref: IdentityRef;
  readonly look: Look;
}

/** LabelLook is what was found of one kind by the labels of a cluster: names, or why it could not be listed. */
export type LabelLook =
  | { readonly kind: string; readonly names: readonly string[] }
  | { readonly kind: string; readonly why: string };

/** Standing is everything between the claim and the identity of the agent, as it was at one time. */
export interface Standing {
  readonly subject: Subject;
  /** `kubectl` with the flags for the same cluster. */
  readonly kubectl: string;
  /** The claim or the namespaced composite; Foreign if another one has taken its name. */
  readonly head: Look;
  /** The composite behind a claim; absent for a namespaced composite. */
  readonly composite?: Look;
  readonly installation: Look;
  /** Undefined if the names are not known, because neither composite nor AgentInstallation could be read. */
  readonly identity?: readonly IdentityLook[];
  /** Only if the names are not known: what has the labels of the cluster in the namespace of all agents. */
  readonly labelled?: readonly LabelLook[];
}

const COMPOSITE_LABEL = 'crossplane.io/composite';

/** CompositeRef identifies a composite as far as it could be read: the uid is missing if it could not. */
export interface CompositeRef {
  readonly name: string;
  readonly uid?: string;
}

/**
 * isComposedFor reports whether an object was composed for a composite: a claim and a namespaced composite of one name
 * ask for the same cluster, and only one of them has it.
 */
export function isComposedFor(object: KubeObject, { name, uid }: CompositeRef): boolean {
  const controller = ownersOf(object).find((owner) => owner.controller === true);
  if (uid !== undefined && controller !== undefined) return controller.uid === uid;
  return object.metadata.labels?.[COMPOSITE_LABEL] === name;
}

/** Expected is an object of an identity with the stamp that it has if the provider made it. */
export interface Expected {
  readonly ref: IdentityRef;
  readonly stamp: string;
}

/** expectedIdentity returns the identity of the agent of a cluster. */
export function expectedIdentity(cluster: AgentCluster): readonly Expected[] {
  const stamp = agentOwner(cluster);
  return identityRefs(cluster).map((ref) => ({ ref, stamp }));
}

/** agentLabels selects the objects of the identity of the agent of a cluster. */
export function agentLabels({ namespace, name }: Subject): string {
  return `${CLUSTER_LABEL}=${name},${CLUSTER_NAMESPACE_LABEL}=${namespace}`;
}

/** isStamped reports whether an object has the stamp: only the provider and administrators can give it. */
export function isStamped(object: KubeObject, stamp: string): boolean {
  return object.metadata.annotations?.[COMPOSITE_UID_ANNOTATION] === stamp;
}

/** saysRevoked reports whether a claim, a composite or an AgentInstallation says that the agent is revoked. */
export function saysRevoked(object: KubeObject): boolean {
  const spec = recordIn(object, 'spec');
  return spec?.['revoked'] === true || recordIn(spec, 'agent')?.['revoked'] === true;
}

/** objectIn returns the object that was found; undefined if none was. */
export function objectIn(look: Look | undefined): KubeObject | undefined {
  return look?.kind === 'There' ? look.object : undefined;
}
