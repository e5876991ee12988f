import { conditionOf } from '../../lib/core/conditions.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { compareText } from '../../lib/core/order.ts';
import { detailsOf } from './trouble.ts';

/** Ready is what stands in the column READY: `-` where nobody has said, empty where it has no meaning. */
export type Ready = 'True' | 'False' | 'Unknown' | '-' | '';

/** TreeNode is one line of the tree, with the lines below it. */
export interface TreeNode {
  /** `Kind/name`, or what else the line is about. */
  readonly name: string;
  readonly ready: Ready;
  /** RFC 3339 time from which the age counts. */
  readonly since?: string;
  /** What there is to say: one sentence a line. */
  readonly says: readonly string[];
  readonly children: readonly TreeNode[];
}

/**
 * nodeOf is the line of an object: the condition that stands for the whole of it, and a sentence for
 * each condition that is not as it should be.
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

/** readiness is the status of a condition, for the column. */
export function readiness(object: KubeObject, type: string): Ready {
  const status = conditionOf(object, type)?.status;
  if (status === undefined) return '-';
  return status === 'True' || status === 'False' ? status : 'Unknown';
}

/** leaf is a line that is no object. */
export function leaf(name: string): TreeNode {
  return { name, ready: '', says: [], children: [] };
}

/** byName orders objects of one kind. */
export function byName(a: KubeObject, b: KubeObject): number {
  return compareText(a.metadata.name ?? '', b.metadata.name ?? '');
}
