import { doneWith, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import type { Graph } from '../../core/pivot/graph.ts';
import type { PivotStep, Scope } from '../scope.ts';

/** Moved is what the pass that moved the objects still knows about them. */
export interface Moved {
  /** The moved objects as read from the source after the fence. */
  readonly graph: Graph;
  /** When this pass wrote the fence, on the clock of `performance.now()`; undefined if an earlier pass did. */
  readonly fencedAtMs: number | undefined;
}

/** Committed is the knowledge of the pass that commits; one that starts after the commit knows nothing yet. */
export type Committed = Moved | undefined;

const SECOND_MS = 1000;

/**
 * commit is the point of no return: a single compare-and-swap on the status of the Pivot. Any change of the
 * Pivot since it was read, such as a request to abort, makes it fail.
 */
export const commit: PivotStep<Moved, Committed> = { name: 'Commit', run };

async function run({ record, target }: Scope, given: Moved): Promise<Outcome<Committed>> {
  if (record.spec.abort || record.deleted) return wait('Aborting', 'The pivot is aborted', 0);
  const reconnectingMs = target.reconnectingMs();
  if (reconnectingMs > 0) {
    const seconds = Math.ceil(reconnectingMs / SECOND_MS);
    const message = `The API server of the target did not answer for some time: the controllers there get ${seconds} s to connect again before they manage the cluster`;
    return wait('TargetReconnecting', message, reconnectingMs);
  }
  await record.save({
    phase: 'Activate',
    steps: [
      { name: 'Commit', state: 'Ended' },
      { name: 'Activate', state: 'Begun' },
    ],
    conditions: [
      {
        type: 'Committed',
        status: 'True',
        reason: 'Committed',
        message: `The cluster now belongs to the ${target.side} side`,
      },
      {
        type: 'Released',
        status: 'True',
        reason: 'Released',
        message: 'The objects no longer belong to Crossplane',
      },
    ],
  });
  return doneWith(given);
}
