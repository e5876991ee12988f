import type { KubeObject, OwnerReference } from '../core/object.ts';
import { ownersOf } from '../core/owners.ts';
import type { AgentCluster } from './agent.ts';
import { NAMESPACED_MANAGED_CLUSTER, X_MANAGED_CLUSTER } from './kinds.ts';
import { COMPOSITE_UID_ANNOTATION } from './ownership.ts';

/** compositeTypes lists the two kinds of composites. */
export const compositeTypes = [X_MANAGED_CLUSTER, NAMESPACED_MANAGED_CLUSTER] as const;

/**
 * compositeUidOf returns the uid of the composite that an object was created for; undefined if it is not
 * recorded. The stamp takes precedence over the owner: only the provider and administrators can set it.
 */
export function compositeUidOf(object: KubeObject | undefined): string | undefined {
  if (object === undefined) return undefined;
  const stamp = object.metadata.annotations?.[COMPOSITE_UID_ANNOTATION];
  return stamp ?? ownersOf(object).find(isComposite)?.uid;
}

/**
 * agentClusterOf returns the cluster `name` of an agent by an object that was composed for it. Whoever makes, removes
 * or looks for the identity of an agent must use it, so that all of them mean the same objects.
 */
export function agentClusterOf(composed: KubeObject, name: string): AgentCluster {
  const { namespace = '' } = composed.metadata;
  return { namespace, name, composite: compositeUidOf(composed) };
}

function isComposite({ apiVersion, kind }: OwnerReference): boolean {
  return compositeTypes.some((type) => type.apiVersion === apiVersion && type.kind === kind);
}
