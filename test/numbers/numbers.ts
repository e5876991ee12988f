import type { Side } from '../oracle/audit-event.ts';
import type { LifeName } from './options.ts';
import type { Marks } from './phases.ts';
import type { NodeLoad } from './usage.ts';

/** Numbers are all that one run has measured; parts that were not wanted, or not reached, are absent. */
export interface Numbers {
  /** When it began, RFC 3339. */
  readonly date: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly machine: Machine;
  /** Lives that were led, in order. */
  readonly lives: readonly LifeName[];
  readonly product?: Life;
  readonly hand?: Life;
  /** `clusterctl move` of the whole cluster: there with one node, back with all of them. */
  readonly moves: readonly Handover[];
  readonly pivots: readonly Handover[];
  /** Handovers that were to be made. */
  readonly wanted: number;
  /** What broke off; empty after a clean run. */
  readonly problems: readonly string[];
}

/** Machine is where it ran. */
export interface Machine {
  readonly cores: number;
  readonly memoryGiB: number;
  readonly kernel: string;
  /** Load averages over 1, 5 and 15 minutes. */
  readonly loadBegin: readonly number[];
  readonly loadEnd?: readonly number[];
}

/** Life is that of one cluster; all seconds count from its apply but those of `removal`. */
export interface Life {
  readonly marks: Marks;
  /** Until it was whole, or its claim said so. */
  readonly seconds: number;
  /** What was told, or done by hand. */
  readonly timeline: readonly Told[];
  /** Milliseconds in which nobody had it, as its Pivot says. */
  readonly unmanagedMs?: number;
  readonly loads: readonly Loads[];
  /** Steps of the way back, each with its own seconds. */
  readonly removal: readonly Told[];
}

/** Told is something that happened. */
export interface Told {
  readonly seconds: number;
  readonly what: string;
}

/** Loads are those of the nodes that are looked at, in one moment. */
export interface Loads {
  readonly when: string;
  readonly nodes: readonly NodeLoad[];
}

/** Handover is one, from rest to rest. */
export interface Handover {
  readonly to: Side;
  /** Until clusterctl had ended, or the Pivot was Ready. */
  readonly seconds: number;
  /** Milliseconds in which nobody had the cluster, as the Pivot says. */
  readonly toldMs?: number;
  /** The same as seen from outside. */
  readonly seenMs?: number;
  /** Steps of the Pivot with their own seconds, as it says. */
  readonly steps?: readonly Told[];
}

/** RATIO_GOAL is how much longer than by hand the product may take. */
export const RATIO_GOAL = 1.2;

/** PAUSE_GOALS are how long nobody may have a cluster during a handover, in milliseconds. */
export const PAUSE_GOALS = { p50: 2000, p99: 10_000 } as const;

/** ratioOf is how much longer the product took; undefined unless both lives were led. */
export function ratioOf({ product, hand }: Pick<Numbers, 'product' | 'hand'>): number | undefined {
  return product === undefined || hand === undefined ? undefined : product.seconds / hand.seconds;
}
