import type { SkippedStatus } from '../../lib/apis/pivot.generated.ts';
import type { KubeObject } from '../../lib/core/object.ts';
import { messageOf } from '../../lib/errors.ts';
import { doneWith, stalled, type Outcome } from '../../lib/reconcile/outcome.ts';
import { graphOf, type Graph } from '../core/pivot/graph.ts';
import { keyOf } from '../core/pivot/identity.ts';
import type { MoveType } from '../core/pivot/move-types.ts';
import { fencedCluster } from '../core/pivot/ownership.ts';
import { EscrowRefusedError, readEscrow } from '../escrow/escrow.ts';
import { kindsOf, listAll, mayMove } from './objects.ts';
import { theAttempt, type Scope } from './scope.ts';
import { beliefOf, isBelieved, trustOf } from './trust.ts';

/** SourceObjects are the objects of the source that may be written to the target. */
export interface SourceObjects {
  readonly objects: readonly KubeObject[];
  /** What claims to belong to the cluster, but is not taken back. */
  readonly left: readonly SkippedStatus[];
  /** Fields whose recorded value is used instead of that of the source. */
  readonly overruled: readonly string[];
}

/**
 * sourceObjects returns the objects of the source that may be written to the target. It is the only door to the
 * management side: of a cluster that is taken back it lets through what the record of the handover explains
 * (docs/decisions/0022). Stalled if something else must not be passed over, or if there is no escrow.
 */
export async function sourceObjects(
  scope: Scope,
  types: readonly MoveType[],
): Promise<Outcome<SourceObjects>> {
  const { source, cluster } = scope;
  const read =
    source === undefined
      ? await escrowObjects(scope)
      : doneWith(await listAll(source.api, types, cluster.namespace));
  if (read.kind !== 'Done') return read;
  if (isBelieved(scope)) return doneWith({ objects: read.value, left: [], overruled: [] });
  return beliefOf(scope, read.value);
}

/**
 * fencedSource is {@link sourceObjects} behind the fence. What a cluster that is taken back says about its fence is not
 * believed: its Cluster is fenced by the attempt, whatever the source returns.
 */
export async function fencedSource(
  scope: Scope,
  types: readonly MoveType[],
): Promise<Outcome<SourceObjects>> {
  const read = await sourceObjects(scope, types);
  if (read.kind !== 'Done' || isBelieved(scope)) return read;
  const attempt = theAttempt(scope);
  const objects = read.value.objects.map((object) =>
    isRoot(scope, object) ? fencedCluster(object, attempt) : object,
  );
  return doneWith({ ...read.value, objects });
}

/** graphIn returns the graph of the cluster, with what is not taken back among what is skipped. */
export function graphIn(name: string, { objects, left }: SourceObjects): Graph | undefined {
  const graph = graphOf(name, objects);
  return graph && { ...graph, skipped: [...graph.skipped, ...left] };
}

function isRoot({ cluster }: Scope, object: KubeObject): boolean {
  return keyOf(object) === `cluster.x-k8s.io/Cluster/${cluster.name}`;
}

/** The last known objects of the cluster. */
async function escrowObjects(scope: Scope): Promise<Outcome<readonly KubeObject[]>> {
  const { deps, cluster } = scope;
  const trust = await trustOf(scope);
  if (trust.kind !== 'Done') return trust;
  const read = await readEscrow(deps, trust.value.record).catch((error: unknown) => {
    if (error instanceof EscrowRefusedError) return error;
    throw error;
  });
  if (read instanceof EscrowRefusedError) {
    return stalled(
      'EscrowRefused',
      `${messageOf(read)}. Take the cluster back from itself (spec.source: Cluster), or restore the Secrets of the escrow and of the provider's keys from the same backup`,
    );
  }
  if (read === undefined) {
    return stalled(
      'NoEscrow',
      `There is no escrow of cluster ${cluster.namespace}/${cluster.name}: take it back from the cluster itself (spec.source: Cluster)`,
    );
  }
  // Objects that were being deleted are created again; the teardown that takes the cluster back deletes
  // them.
  const objects = read.objects.filter((object) => mayMove(object, cluster.namespace));
  return doneWith(
    objects.map((object) => {
      const { deletionTimestamp: _deleted, ...metadata } = object.metadata;
      return { ...object, metadata };
    }),
  );
}

/** BothSides holds the objects of the kinds that move, read from both sides at the same time. */
export interface BothSides {
  readonly source: readonly KubeObject[];
  readonly target: readonly KubeObject[];
}

/** bothSides reads the kinds of a graph again from both sides; an escrow does not change. */
export async function bothSides(scope: Scope, { objects }: Graph): Promise<Outcome<BothSides>> {
  const { source, target, cluster } = scope;
  const kinds = kindsOf(objects);
  const [from, to] = await Promise.all([
    source === undefined ? doneWith({ objects }) : fencedSource(scope, kinds),
    listAll(target.api, kinds, cluster.namespace),
  ]);
  return from.kind === 'Done' ? doneWith({ source: from.value.objects, target: to }) : from;
}
