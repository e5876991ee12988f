import { refOf } from '../../../lib/kube/addresses.ts';
import type { Kind } from '../../../capi/cloud.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { during } from '../../../lib/errors.ts';
import { done, stalled, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { graphOf, type Graph } from '../../core/pivot/graph.ts';
import { fencedCluster, fencePatch, fenceState, ownerText } from '../../core/pivot/ownership.ts';
import { moving, pausingKinds, standstillWait } from '../../core/pivot/standstill.ts';
import { kindsOf, listAll, CLUSTER } from '../objects.ts';
import { poke } from '../poke.ts';
import { GiveUp, theAttempt, theSource, typesOf, type Scope } from '../scope.ts';
import type { Step } from '../step.ts';
import { watched, type Watched } from '../watched.ts';
import { theEscrow } from '../escrow-source.ts';

/** So long the watches may take to begin. */
const SYNC_MS = 5000;

/** A controller that says nothing new for so long has come to a stop. */
const SLICE_MS = 1000;

/** After so many slices a pass that waits for the standstill listens whether it shall go on. */
const LISTENING = 5;

/** So many slices are one pass: to begin another costs a list of every kind. */
const SLICES = 20;

/** fence takes the cluster away from its owner: from here until it is activated nobody reconciles it. */
export const fence: Step = { name: 'Fence', run };

async function run(scope: Scope): Promise<Outcome> {
  const { memory, source } = scope;
  if (source === undefined) return fenceEscrow(scope);
  const before = await seen(scope);
  if (before === undefined) {
    throw new GiveUp('ClusterGone', 'The Cluster is no longer on the source');
  }
  const kinds = pausingKinds(before.objects);
  const watching = watchPausing(scope, before, kinds);
  try {
    // Before the fence is written, so that no change behind it is missed.
    await watching.synced(SYNC_MS);
    const outcome = await stand(scope, before.cluster);
    if (outcome !== undefined) return outcome;
    const missing = await standstill(scope, watching, kinds);
    memory.prepared = before;
    return missing === undefined ? done : wait(missing.reason, missing.message, 0);
  } finally {
    await watching.end();
  }
}

/**
 * Waits as long as nobody changes the Pivot, for example to abort. Controllers that are getting on with it
 * are left alone, those that have come to a stop are woken.
 */
async function standstill(
  scope: Scope,
  watching: Watched,
  kinds: ReadonlySet<string>,
): Promise<ReturnType<typeof standstillWait>> {
  let late: readonly KubeObject[] = [];
  let before: number | undefined;
  for (let slice = 1; ; slice += 1) {
    // oxlint-disable-next-line no-await-in-loop -- one slice after the other
    const missing = await watching.until((objects) => {
      const graph = graphOf(scope.cluster.name, objects)?.objects ?? [];
      late = moving(graph, kinds);
      before ??= late.length;
      return standstillWait(graph, kinds);
    }, SLICE_MS);
    if (missing === undefined || slice === SLICES || scope.signal.aborted) return missing;
    // oxlint-disable-next-line no-await-in-loop -- see above
    if (late.length === before) await wake(scope, late);
    // oxlint-disable-next-line no-await-in-loop -- see above
    if (slice % LISTENING === 0 && (await isChanged(scope))) return missing;
    before = late.length;
  }
}

function wake(scope: Scope, late: readonly KubeObject[]): Promise<void> {
  return during('wake the controllers of the source', poke(theSource(scope).api, late));
}

async function isChanged({ record, deps }: Scope): Promise<boolean> {
  const { metadata } = (await deps.management.get(refOf(record.object))) ?? {};
  const { generation } = record.object.metadata;
  return metadata?.generation !== generation || metadata?.deletionTimestamp !== undefined;
}

/** Escrows can't be fenced: what they hold runs nowhere any more. */
async function fenceEscrow(scope: Scope): Promise<Outcome> {
  const graph = graphOf(scope.cluster.name, await theEscrow(scope));
  if (graph === undefined) return stalled('EscrowEmpty', 'The escrow holds no Cluster');
  scope.memory.fenced = fencedCluster(graph.cluster, theAttempt(scope));
  return done;
}

/** In the pass that opened the attempt the graph is at hand. */
async function seen(scope: Scope): Promise<Graph | undefined> {
  const { memory, cluster } = scope;
  if (memory.prepared !== undefined) return memory.prepared;
  const { api } = theSource(scope);
  return graphOf(cluster.name, await listAll(api, typesOf(scope), cluster.namespace));
}

function watchPausing(scope: Scope, { objects }: Graph, kinds: ReadonlySet<string>): Watched {
  const pausing = objects.filter((object) => kinds.has(keyOfKind(object)));
  return watched(theSource(scope).api, kindsOf(pausing), {
    namespace: scope.cluster.namespace,
    signal: scope.signal,
  });
}

function keyOfKind({ apiVersion, kind }: Kind): string {
  return `${apiVersion.split('/')[0] ?? ''}/${kind}`;
}

/** Makes the fence stand; an Outcome when it can't. */
async function stand(scope: Scope, cluster: KubeObject): Promise<Outcome | undefined> {
  const { memory, record, deps } = scope;
  const attempt = theAttempt(scope);
  const state = fenceState(cluster, attempt);
  if (state === 'Lost') return lost(cluster);
  if (state === 'Standing') {
    memory.fenced = cluster;
    return undefined;
  }
  if (!memory.openedHere) {
    // The process that had announced the fence never wrote it: the gap begins now.
    await record.save({ journal: { attempt: { ...attempt, at: deps.clock.now().toISOString() } } });
  }
  memory.fencedAtMs = performance.now();
  memory.fenced = await during(
    'fence the source',
    theSource(scope).api.patch(refOf({ ...cluster, ...CLUSTER }), fencePatch(cluster, attempt)),
  );
  deps.events.event(
    record.object,
    'Normal',
    'PivotFenced',
    `The cluster stands still on the ${theSource(scope).side} side, epoch ${attempt.epoch}`,
  );
  return undefined;
}

function lost(cluster: KubeObject): Outcome {
  return stalled(
    'OwnerChanged',
    `The owner of the Cluster on the source is ${ownerText(cluster)}, which is not how this pivot found or left it: look who else moves it`,
  );
}
