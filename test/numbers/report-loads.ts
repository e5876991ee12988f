import { seconds, table } from '../report/markdown.ts';
import type { Life, Loads, Numbers } from './numbers.ts';
import { together, type Load, type NodeLoad } from './usage.ts';

const HEAD = ['', 'memory, MiB', 'CPU, cores'];

/** loadTables tell what nodes and Pods take, for each moment that was looked at. */
export function loadTables({ product, hand }: Numbers): readonly string[] {
  return [...tables('product', product), ...tables('by hand', hand)];
}

function tables(who: string, life: Life | undefined): readonly string[] {
  return (life?.loads ?? []).flatMap(({ when, nodes }: Loads) =>
    nodes.flatMap((node) => [`${who}, ${when}, node ${node.node}:`, table(HEAD, rows(node))]),
  );
}

function rows(node: NodeLoad): readonly (readonly string[])[] {
  const { pods } = node;
  return [
    ['the whole node', ...cells(node)],
    ...(pods.length === 0 ? [] : [['these Pods together', ...cells(together(pods))]]),
    ...pods.map((pod) => [`${pod.namespace}/${pod.name}`, ...cells(pod)]),
  ];
}

function cells({ memoryMiB, cores }: Load): readonly string[] {
  return [seconds(memoryMiB, 0), seconds(cores, 3)];
}
