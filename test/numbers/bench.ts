import type { RealWorld } from '@managed-cluster/testbed';

/** Bench is where lives are measured. */
export interface Bench {
  readonly world: RealWorld;
  readonly tell: (line: string) => void;
  /** Notes what went wrong without ending the run. */
  readonly problem: (text: string) => void;
}

/** CLAIMED is the cluster of our product. */
export const CLAIMED = { namespace: 'default', name: 'claimed' } as const;

/** BY_HAND is the one beside it; `clusterctl move` takes all of a namespace, so it has its own. */
export const BY_HAND = { namespace: 'reference', name: 'by-hand' } as const;

/** SIZES are those of both. */
export const SIZES = { controlPlanes: 3, workers: 2 } as const;

/** stopwatch counts seconds from now on. */
export function stopwatch(): () => number {
  const begin = performance.now();
  return () => (performance.now() - begin) / 1000;
}
