import { kubeconfigSecretOf } from '../../../capi/object-names.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { done, doneWith, firstOpen, giveUp, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { allSettled } from '../../../lib/settled.ts';
import { movedStatus, type Graph } from '../../core/pivot/graph.ts';
import { recordOf, type HandoverRecord } from '../../core/handover/record.ts';
import { uidOf } from '../../core/pivot/identity.ts';
import { ownersOf } from '../../../lib/core/owners.ts';
import { foreignControllers, released } from '../../core/pivot/release.ts';
import { leaving, someOf } from '../../core/pivot/standstill.ts';
import { ensureEscrow } from '../../escrow/escrow.ts';
import { ensureAnchor } from '../anchor.ts';
import { authorityOutcome } from '../ca-check.ts';
import { copyManagers, copyStatus } from '../copied-status.ts';
import { Copies } from '../copies.ts';
import { accessForTarget, withFreshAccess } from '../fresh-access.ts';
import { removeLeftovers } from '../leftovers.ts';
import { listAll } from '../objects.ts';
import { fencedSource, graphIn, type SourceObjects } from '../sides.ts';
import { isBelieved, ownershipOn, trustOf } from '../trust.ts';
import { compositeOf, theAttempt, typesOf, type PivotStep, type Scope } from '../scope.ts';
import type { Fenced } from './fence.ts';

/** Copied is the result of the copy step, with the work that it started in the background. */
export interface Copied {
  /** The objects to move as read from the source after the fence. */
  readonly graph: Graph;
  /** The copy of the Cluster, as the target returned it. */
  readonly root: KubeObject;
  /** Pending status updates of all other copies. */
  readonly statuses: readonly Promise<unknown>[];
  /** The outcome of the check of the certificate authority. */
  readonly authority: Promise<Outcome>;
  /**
   * The anchor that replaces the composite as controller; undefined if Crossplane does not control the
   * objects.
   */
  readonly anchor: Promise<Outcome<KubeObject>> | undefined;
  /** When this pass wrote the fence, on the clock of `performance.now()`. */
  readonly fencedAtMs: number | undefined;
}

/** Number of fields that an Event names. */
const NAMED = 10;

/** copy creates every object on the target as soon as its owners exist there. */
export const copy: PivotStep<Fenced, Copied> = { name: 'Copy', run };

async function run(scope: Scope, fenced: Fenced): Promise<Outcome<Copied>> {
  const { cluster, target, record, background } = scope;
  const types = typesOf(scope);
  const known = fenced.openedHere ? [] : await listAll(target.api, types, cluster.namespace);
  const isOurs = await ownershipOn(scope);
  const copies = new Copies(scope, fenced.cluster, { known, isOurs });
  // Objects may have been created before the fence took effect, so the source is read again while the root
  // is copied.
  const reading = fencedSource(scope, types);
  const rooting = placeRoot(scope, copies, fenced.cluster);
  await allSettled<unknown>([reading, rooting]);
  const read = await reading;
  if (read.kind !== 'Done') return read;
  const root = await rooting;
  if (root.kind !== 'Done') return root;
  const moved = movedNow(scope, read.value, fenced.cluster);
  if (moved.kind !== 'Done') return moved;
  const graph = moved.value;
  warnOfOverruled(scope, read.value);
  record.note({ moved: movedStatus(graph), skipped: graph.skipped });
  const authority = background.begin(authorityOf(scope, graph));
  const composed = theAttempt(scope).controller !== undefined;
  const anchor = composed ? background.begin(ensureAnchor(scope)) : undefined;
  const placing = placeAll(scope, copies, graph);
  await allSettled<unknown>([
    placing,
    keepWhatIsTaken(scope, graph),
    accessForTarget(scope, graph),
  ]);
  const placed = await placing;
  if (placed.kind !== 'Done') return placed;
  await removeLeftovers(scope, graph, { known, copies: copies.placed });
  return doneWith({
    graph,
    root: root.value,
    statuses: placed.value,
    authority,
    anchor,
    fencedAtMs: fenced.fencedAtMs,
  });
}

/**
 * The cluster may die at any time. For a take-back, the escrow must contain everything that was copied,
 * such as a machine created after the last report. For a handover, it must be complete before the commit,
 * because afterwards there is no other way back.
 */
async function keepWhatIsTaken(scope: Scope, { objects }: Graph): Promise<void> {
  if (scope.source === undefined) return;
  const kept = released(objects);
  const record = await recordFor(scope, kept);
  if (record !== undefined) await ensureEscrow(scope.deps, record, kept);
}

/** Each attempt of a handover writes its own record; a take-back keeps that of the handover. */
async function recordFor(
  scope: Scope,
  objects: readonly KubeObject[],
): Promise<HandoverRecord | undefined> {
  if (!isBelieved(scope)) {
    const trust = await trustOf(scope);
    return trust.kind === 'Done' ? trust.value.record : undefined;
  }
  const { epoch, pivot = '' } = theAttempt(scope);
  const handover = {
    ...scope.cluster,
    composite: compositeOf(scope),
    handover: `${pivot}/${epoch}`,
  };
  return recordOf({ ...handover, epoch }, objects);
}

/** Fields whose value in the cluster is not believed; named, because a user may have changed one on purpose. */
function warnOfOverruled({ record, deps }: Scope, { overruled }: SourceObjects): void {
  if (overruled.length === 0) return;
  const more = overruled.length > NAMED ? ` and ${overruled.length - NAMED} more` : '';
  deps.events.event(
    record.object,
    'Warning',
    'RecordedValuesUsed',
    `The cluster has other values than at its handover; the recorded ones are used: ${overruled.slice(0, NAMED).join(', ')}${more}`,
  );
}

/**
 * The certificate of a dead API server cannot be checked. A take-back checks it at the address in the kubeconfig that
 * the management side has kept, if it has one, and never at an address that the cluster names.
 */
async function authorityOf(scope: Scope, { objects }: Graph): Promise<Outcome> {
  const { source, cluster, target } = scope;
  if (source === undefined) return done;
  if (isBelieved(scope)) return authorityOutcome(cluster.name, objects);
  const { name } = kubeconfigSecretOf(cluster.name);
  const ref = { apiVersion: 'v1', kind: 'Secret', namespace: cluster.namespace, name };
  const access = await target.api.get(ref);
  const known = access === undefined ? objects : [...objects, access];
  return authorityOutcome(cluster.name, known);
}

async function placeRoot(
  scope: Scope,
  copies: Copies,
  fenced: KubeObject,
): Promise<Outcome<KubeObject>> {
  const placed = await copies.place(fenced);
  if (placed.kind === 'Done') await copyManagers(scope, fenced, placed.value);
  return placed;
}

function movedNow(scope: Scope, all: SourceObjects, fenced: KubeObject): Outcome<Graph> {
  const graph = graphIn(scope.cluster.name, all);
  if (graph === undefined || uidOf(graph.cluster) !== uidOf(fenced)) {
    return giveUp('ClusterGone', 'The Cluster no longer exists on the source');
  }
  const leavers = leaving(graph.objects);
  if (leavers.length > 0) {
    return giveUp(
      'DeletionUnderWay',
      `The deletion of ${someOf(leavers)} cannot finish while the cluster is fenced`,
    );
  }
  const { controller } = theAttempt(scope);
  const strange = foreignControllers(scope.cluster.name, graph.objects).filter(
    ({ uid }) => uid !== controller?.uid,
  );
  return strange.length === 0
    ? doneWith(graph)
    : giveUp(
        'ControllerChanged',
        `${strange.map(({ kind, name }) => `${kind} ${name}`).join(', ')} became the controller of objects of the cluster`,
      );
}

/**
 * Copies every object after its owners. Status updates run while deeper objects are copied and are passed
 * to the next step.
 */
async function placeAll(
  scope: Scope,
  copies: Copies,
  graph: Graph,
): Promise<Outcome<readonly Promise<unknown>[]>> {
  const placed = new Map<string, Promise<Outcome<Promise<unknown>>>>();
  for (const object of graph.objects) {
    if (object === graph.cluster) continue;
    const owners = ownersOf(object).flatMap(({ uid }) => placed.get(uid) ?? []);
    placed.set(uidOf(object), placeBehind(owners, scope, { copies, object, graph }));
  }
  const outcomes = await allSettled([...placed.values()]);
  return (
    firstOpen(outcomes) ??
    doneWith(outcomes.flatMap((outcome) => (outcome.kind === 'Done' ? [outcome.value] : [])))
  );
}

interface Placing {
  readonly copies: Copies;
  readonly object: KubeObject;
  readonly graph: Graph;
}

async function placeBehind(
  owners: readonly Promise<Outcome<unknown>>[],
  scope: Scope,
  { copies, object, graph }: Placing,
): Promise<Outcome<Promise<unknown>>> {
  const [fresh, ...before] = await Promise.all([
    withFreshAccess(scope, graph.objects, object),
    ...owners,
  ]);
  const open = firstOpen(before);
  if (open !== undefined) return open;
  const copied = await copies.place(fresh);
  if (copied.kind !== 'Done') return copied;
  return doneWith(scope.background.begin(copyStatus(scope, object, copied.value)));
}
