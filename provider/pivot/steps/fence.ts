import { FORGOTTEN, isForgotten } from '../../../lib/apis/forgotten.ts';
import type { Side } from '../../../lib/apis/ownership.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { wrapError } from '../../../lib/errors.ts';
import { refOf } from '../../../lib/kube/addresses.ts';
import { doneWith, giveUp, stalled, type Outcome } from '../../../lib/reconcile/outcome.ts';
import type { Graph } from '../../core/pivot/graph.ts';
import { fencedCluster, fencePatch, fenceState, ownerText } from '../../core/pivot/ownership.ts';
import { CLUSTER } from '../../../capi/kinds.ts';
import { SELF_MANAGED } from '../copies.ts';
import { isManagedHere } from '../managed-here.ts';
import { theAttempt, typesOf, type PivotStep, type Scope, type Site } from '../scope.ts';
import { graphIn, sourceObjects } from '../sides.ts';
import { Standstill } from '../standstill.ts';
import { isBelieved } from '../trust.ts';
import type { Prepared } from './prepare.ts';

/** Fenced is a source that no controller reconciles. */
export interface Fenced {
  /** The Cluster of the source after the fence. */
  readonly cluster: KubeObject;
  /** The attempt was opened in this pass, so the target has no objects of it yet. */
  readonly openedHere: boolean;
  /**
   * When this pass wrote the fence, on the clock of `performance.now()`; undefined if an earlier pass did.
   */
  readonly fencedAtMs: number | undefined;
}

/** fence takes the cluster from its owner: no controller reconciles it until it is activated. */
export const fence: PivotStep<Prepared, Fenced> = { name: 'Fence', run };

async function run(scope: Scope, prepared: Prepared): Promise<Outcome<Fenced>> {
  const { source } = scope;
  if (source === undefined) return fenceEscrow(scope, prepared);
  // The pass that opened the attempt already has the graph.
  const found = prepared.opened === undefined ? await read(scope) : doneWith(prepared.opened);
  if (found.kind !== 'Done') return found;
  const before = found.value;
  if (before === undefined) {
    return giveUp('ClusterGone', 'The Cluster no longer exists on the source');
  }
  const standstill = new Standstill(scope, source.api, before);
  try {
    // The watches start before the fence is written, so that no later change is missed.
    await standstill.synced();
    const fenced = await stand(scope, source, { cluster: before.cluster, prepared });
    if (fenced.kind !== 'Done') return fenced;
    const reached = await standstill.reached();
    return reached.kind === 'Done' ? fenced : reached;
  } finally {
    await standstill.end();
  }
}

/** An escrow needs no fence: its objects are no longer active anywhere. */
async function fenceEscrow(scope: Scope, { opened }: Prepared): Promise<Outcome<Fenced>> {
  const kept = await read(scope);
  if (kept.kind !== 'Done') return kept;
  const graph = kept.value;
  if (graph === undefined) return stalled('EscrowEmpty', 'The escrow contains no Cluster');
  return doneWith({
    cluster: fencedCluster(graph.cluster, theAttempt(scope)),
    openedHere: opened !== undefined,
    fencedAtMs: undefined,
  });
}

async function read(scope: Scope): Promise<Outcome<Graph | undefined>> {
  const found = await sourceObjects(scope, typesOf(scope));
  return found.kind === 'Done' ? doneWith(graphIn(scope.cluster.name, found.value)) : found;
}

/** Ensures that the fence is in place. */
async function stand(
  scope: Scope,
  { api, side }: Site,
  { cluster, prepared }: { readonly cluster: KubeObject; readonly prepared: Prepared },
): Promise<Outcome<Fenced>> {
  const { record, deps } = scope;
  const attempt = theAttempt(scope);
  const openedHere = prepared.opened !== undefined;
  const state = fenceState(cluster, attempt);
  if (state === 'Lost') return lost(cluster, side);
  if (state === 'Standing') {
    return doneWith({
      cluster: asFenced(scope, cluster, cluster),
      openedHere,
      fencedAtMs: undefined,
    });
  }
  // The attempt may have been opened before another management side adopted the cluster.
  const here = await isManagedHere(scope);
  if (here.kind !== 'Done') return here;
  if (!openedHere) {
    // The process that announced the fence never wrote it: the gap starts now.
    await record.save({ journal: { attempt: { ...attempt, at: deps.clock.now().toISOString() } } });
  }
  const fencedAtMs = performance.now();
  const fenced = await wrapError(
    'fence the source',
    api.patch(refOf({ ...cluster, ...CLUSTER }), fencePatch(cluster, attempt)),
  );
  const message = `The cluster is paused on the ${side} side, epoch ${attempt.epoch}`;
  deps.events.event(record.object, 'Normal', 'PivotFenced', message);
  return doneWith({ cluster: asFenced(scope, cluster, fenced), openedHere, fencedAtMs });
}

/** A cluster that is taken back is not believed about its fence: its copy is fenced in any case. */
function asFenced(scope: Scope, before: KubeObject, answer: KubeObject): KubeObject {
  return isBelieved(scope) ? answer : fencedCluster(before, theAttempt(scope));
}

function lost(cluster: KubeObject, side: Side): Outcome<never> {
  if (side === 'management' && isForgotten(cluster)) return stalled(SELF_MANAGED, FORGOTTEN);
  return stalled(
    'OwnerChanged',
    `The owner of the Cluster on the source is ${ownerText(cluster)}, which this pivot neither found nor wrote: find out which other Pivot or tool changed it`,
  );
}
