import { conditionOf } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { compareText } from '../../lib/core/order.ts';
import { detailsOf } from './trouble.ts';

/** Ready is the value of the column READY: `-` when the condition is missing, empty when it does not apply. */
export type Ready = 'True' | 'False' | 'Unknown' | '-' | '';

/** TreeNode is one line of the tree, with the lines below it. */
export interface TreeNode {
  /** `Kind/name`, or another label. */
  readonly name: string;
  readonly ready: Ready;
  /** RFC 3339 time that the age is relative to. */
  readonly since?: string;
  /** Messages, one per line. */
  readonly says: readonly string[];
  readonly children: readonly TreeNode[];
}

/**
 * nodeOf is the line of an object: its summary condition, and a message for each unhealthy condition.
 */
export function nodeOf(
  object: KubeObject,
  summary: string | undefined,
  children: readonly TreeNode[] = [],
): TreeNode {
  const { creationTimestamp, deletionTimestamp, name = '' } = object.metadata;
  const going = deletionTimestamp === undefined ? [] : ['being deleted'];
  return {
    name: `${object.kind}/${name}`,
    ready: summary === undefined ? '' : readiness(object, summary),
    ...(creationTimestamp === undefined ? {} : { since: creationTimestamp }),
    says: [...going, ...detailsOf(object)],
    children,
  };
}

/** readiness is the status of a condition for the column READY. */
export function readiness(object: KubeObject, type: string): Ready {
  const status = conditionOf(object, type)?.status;
  if (status === undefined) return '-';
  return status === 'True' || status === 'False' ? status : 'Unknown';
}

/** leaf is a line that is not an object. */
export function leaf(name: string): TreeNode {
  return { name, ready: '', says: [], children: [] };
}

/** byName sorts objects by name. */
export function byName(a: KubeObject, b: KubeObject): number {
  return compareText(a.metadata.name ?? '', b.metadata.name ?? '');
}
