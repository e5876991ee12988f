import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { conditionOf, type Condition } from '../../lib/core/conditions.ts';

/** Observed is what one call of the function sees. Raw objects, by the name that we gave them. */
export interface Observed {
  readonly composite: KubeObject;
  /** Composed objects that exist and are controlled by the composite, by composition resource name. */
  readonly composed: Readonly<Record<string, KubeObject>>;
  /** Answers to our requirements; a key that is absent has not been answered yet. */
  readonly required: Readonly<Record<string, readonly KubeObject[]>>;
  /** When it is seen, in milliseconds since 1970; only the time to live depends on it. */
  readonly seenAt: number;
}

/** Target says what the Cluster of a composite is called and where it lives. */
export interface Target {
  readonly name: string;
  readonly namespace: string;
}

/**
 * targetOf reads the name and the namespace from the claim behind a composite, or from the
 * namespaced composite itself (facts/crossplane.md 1.4). Undefined for a cluster-scoped composite
 * without a claim, which has no namespace to put anything in.
 */
export function targetOf(composite: KubeObject): Target | undefined {
  const claim = recordIn(composite['spec'], 'claimRef');
  const name = textOf(claim?.['name']) ?? composite.metadata.name;
  const namespace = composite.metadata.namespace ?? textOf(claim?.['namespace']);
  return name === undefined || namespace === undefined ? undefined : { name, namespace };
}

/** statusOf is the status that the composite carries now; empty before the first. */
export function statusOf(composite: KubeObject): Readonly<Record<string, unknown>> {
  return recordIn(composite, 'status') ?? {};
}

/** ownCondition is a condition of the composite as it was left by earlier calls. */
export function ownCondition(composite: KubeObject, type: string): Condition | undefined {
  return conditionOf(composite, type);
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
