import type { Kind } from '../../../capi/cloud.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { graphHash, type Graph } from './graph.ts';
import type { Attempt } from './journal.ts';
import type { MoveType } from './move-types.ts';
import { ownershipOf } from './ownership.ts';
import { foreignControllers } from './release.ts';

/** Known is the input for a new attempt besides the graph. */
export interface Known {
  /** Uid of the Pivot. */
  readonly pivot: string | undefined;
  /** The Cluster on the target; undefined if it does not exist. */
  readonly there: KubeObject | undefined;
  /** Epochs that the Pivot has used or observed. */
  readonly epochs: readonly (number | undefined)[];
  /** Kinds to search. */
  readonly types: readonly MoveType[];
  /** Current time (RFC 3339). */
  readonly at: string;
}

/**
 * nextAttempt returns the attempt to start. Its epoch is higher than any that was observed on either side.
 */
export function nextAttempt(graph: Graph, { pivot, there, epochs, types, at }: Known): Attempt {
  const { cluster } = graph;
  const { owner, epoch, paused } = ownershipOf(cluster);
  const seen = [epoch, there === undefined ? 0 : ownershipOf(there).epoch];
  const [controller] = foreignControllers(cluster.metadata.name ?? '', graph.objects);
  const written = recordIn(cluster, 'spec')?.['paused'];
  return {
    epoch: Math.max(...seen, ...epochs.map((one) => one ?? 0)) + 1,
    ...(pivot === undefined ? {} : { pivot }),
    owner: owner === 'unknown' ? 'management' : owner,
    ...(typeof written === 'boolean' ? { paused } : {}),
    at,
    hash: graphHash(graph),
    types: withUsed(types, graph),
    ...(controller === undefined ? {} : { controller }),
  };
}

/** A kind may be escrowed in another version than its storage version. */
function withUsed(types: readonly MoveType[], { objects }: Graph): readonly MoveType[] {
  const known = new Set(types.map(({ kind }) => kind));
  const others = new Map(
    objects
      .filter(({ kind }) => !known.has(kind))
      .map(({ apiVersion, kind }): [string, Kind] => [
        `${apiVersion} ${kind}`,
        { apiVersion, kind },
      ]),
  );
  return [...types, ...others.values()];
}
