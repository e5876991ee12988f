import type { KubeObject } from '../../../lib/core/object.ts';
import { done, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { graphOf, movedStatus, type Graph } from '../../core/pivot/graph.ts';
import { keyOf, ownersOf, uidOf } from '../../core/pivot/identity.ts';
import { foreignControllers, released } from '../../core/pivot/release.ts';
import { leaving, someOf } from '../../core/pivot/standstill.ts';
import { allSettled } from '../all-settled.ts';
import { ensureAnchor } from '../anchor.ts';
import { authorityOutcome } from '../ca-check.ts';
import { ensureEscrow } from '../../escrow/escrow.ts';
import { theEscrow } from '../escrow-source.ts';
import { removeLeftovers } from '../leftovers.ts';
import { listAll } from '../objects.ts';
import { placeCopy } from '../place-copy.ts';
import { restoreManagers, restoreStatus } from '../restored-status.ts';
import { compositeOf, GiveUp, theAttempt, theSource, typesOf, type Scope } from '../scope.ts';
import type { Step } from '../step.ts';

/** copy makes every object on the target as soon as its owners are there. */
export const copy: Step = { name: 'Copy', run };

async function run(scope: Scope): Promise<Outcome> {
  const { memory, cluster, target, record } = scope;
  const { fenced } = memory;
  if (fenced === undefined) throw new Error('cannot copy: the source is not fenced');
  const known = memory.openedHere
    ? []
    : await listAll(target.api, typesOf(scope), cluster.namespace);
  const byKey = new Map(known.map((object) => [keyOf(object), object]));
  // Objects may have appeared until the fence took hold: the source is read again, while the root goes ahead.
  const reading = sourceObjects(scope);
  const rooted = placeRoot(scope, fenced, byKey.get(keyOf(fenced)));
  await allSettled<unknown>([reading, rooted]);
  const all = await reading;
  const graph = movedNow(scope, all, fenced);
  memory.graph = graph;
  record.note({ moved: movedStatus(graph), skipped: graph.skipped });
  memory.authority = authority(scope, graph);
  if (theAttempt(scope).controller !== undefined) memory.anchor = ensureAnchor(scope);
  memory.anchor?.catch(() => undefined);
  await allSettled([placeAll(scope, graph, byKey), keepWhatIsTaken(scope, graph)]);
  await removeLeftovers(scope, graph, known);
  return done;
}

/**
 * The cluster may die at any time. On the way back its escrow must know what the copies knew, such as a
 * machine that is younger than the last report; on the way there it must be complete before the commit,
 * behind which there is no other way back.
 */
async function keepWhatIsTaken(scope: Scope, { objects }: Graph): Promise<void> {
  const { source, deps, cluster } = scope;
  if (source === undefined) return;
  await ensureEscrow(deps, { ...cluster, composite: compositeOf(scope) }, released(objects));
}

/** The certificate of a dead API server can't be looked at: from the escrow it is taken as it is. */
function authority({ source, cluster }: Scope, { objects }: Graph): Promise<Outcome> {
  return source === undefined ? Promise.resolve(done) : authorityOutcome(cluster.name, objects);
}

async function sourceObjects(scope: Scope): Promise<readonly KubeObject[]> {
  if (scope.source === undefined) return theEscrow(scope);
  return listAll(theSource(scope).api, typesOf(scope), scope.cluster.namespace);
}

async function placeRoot(
  scope: Scope,
  fenced: KubeObject,
  existing: KubeObject | undefined,
): Promise<void> {
  const placed = await placeCopy(scope, fenced, existing);
  await restoreManagers(scope, fenced, placed);
}

function movedNow(scope: Scope, all: readonly KubeObject[], fenced: KubeObject): Graph {
  const found = graphOf(scope.cluster.name, all);
  if (found === undefined || uidOf(found.cluster) !== uidOf(fenced)) {
    throw new GiveUp('ClusterGone', 'The Cluster has vanished from the source');
  }
  const graph = scope.source === undefined ? withRoot(found, fenced) : found;
  const leavers = leaving(graph.objects);
  if (leavers.length > 0) {
    throw new GiveUp(
      'DeletionUnderWay',
      `Somebody deleted ${someOf(leavers)}, which can end only while the cluster is not fenced`,
    );
  }
  const { controller } = theAttempt(scope);
  const strange = foreignControllers(scope.cluster.name, graph.objects).filter(
    ({ uid }) => uid !== controller?.uid,
  );
  if (strange.length > 0) {
    throw new GiveUp(
      'ControllerChanged',
      `${strange.map(({ kind, name }) => `${kind} ${name}`).join(', ')} took control of objects of the cluster`,
    );
  }
  return graph;
}

/** The Cluster of an escrow was never fenced: it is copied as if it had been. */
function withRoot({ cluster, objects, skipped }: Graph, root: KubeObject): Graph {
  return {
    cluster: root,
    objects: objects.map((object) => (object === cluster ? root : object)),
    skipped,
  };
}

async function placeAll(
  scope: Scope,
  graph: Graph,
  existing: ReadonlyMap<string, KubeObject>,
): Promise<void> {
  const placed = new Map<string, Promise<void>>([[uidOf(graph.cluster), Promise.resolve()]]);
  for (const object of graph.objects) {
    if (object === graph.cluster) continue;
    const owners = ownersOf(object).flatMap(({ uid }) => placed.get(uid) ?? []);
    placed.set(
      uidOf(object),
      behind(owners, () => placeOne(scope, object, existing)),
    );
  }
  await allSettled([...placed.values()]);
}

async function behind(owners: readonly Promise<void>[], work: () => Promise<void>): Promise<void> {
  await Promise.all(owners);
  await work();
}

/** What follows a copy runs on while deeper objects are copied; the next step waits for it. */
async function placeOne(
  scope: Scope,
  object: KubeObject,
  existing: ReadonlyMap<string, KubeObject>,
): Promise<void> {
  const placed = await placeCopy(scope, object, existing.get(keyOf(object)));
  const followed = restoreStatus(scope, object, placed);
  followed.catch(() => undefined);
  scope.memory.statuses.set(uidOf(object), followed);
}
