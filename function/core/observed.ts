import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { conditionOf, type Condition } from '../../lib/core/conditions.ts';

/** Observed is the input of a call of the function: raw objects by our composition resource names. */
export interface Observed {
  readonly composite: KubeObject;
  /** Composed objects that exist and are controlled by the composite, by composition resource name. */
  readonly composed: Readonly<Record<string, KubeObject>>;
  /** Objects for our requirements; an absent key has not been answered yet. */
  readonly required: Readonly<Record<string, readonly KubeObject[]>>;
  /** Time of the call, in milliseconds since 1970; only the TTL depends on it. */
  readonly seenAt: number;
}

/** Target is the name and namespace of the Cluster of a composite. */
export interface Target {
  readonly name: string;
  readonly namespace: string;
}

/**
 * targetOf reads the name and the namespace from the claim of a composite, or from the namespaced
 * composite itself (facts/crossplane.md 1.4). Undefined for a cluster-scoped composite without a claim,
 * which has no namespace for the objects.
 */
export function targetOf(composite: KubeObject): Target | undefined {
  const claim = recordIn(composite['spec'], 'claimRef');
  const name = textOf(claim?.['name']) ?? composite.metadata.name;
  const namespace = composite.metadata.namespace ?? textOf(claim?.['namespace']);
  return name === undefined || namespace === undefined ? undefined : { name, namespace };
}

/** statusOf returns the current status of the composite; empty if it has none. */
export function statusOf(composite: KubeObject): Readonly<Record<string, unknown>> {
  return recordIn(composite, 'status') ?? {};
}

/** ownCondition returns a condition of the composite from earlier calls. */
export function ownCondition(composite: KubeObject, type: string): Condition | undefined {
  return conditionOf(composite, type);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
