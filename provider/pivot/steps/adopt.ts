import { cloudNamed } from '../../../capi/clouds/index.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { done, doneWith, stalled, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { MANAGEMENT_ANNOTATION } from '../../../lib/apis/ownership.ts';
import { recordOf, type HandoverRecord } from '../../core/handover/record.ts';
import { graphOf, movedStatus, type Graph } from '../../core/pivot/graph.ts';
import { moveTypes } from '../../core/pivot/move-types.ts';
import { ownershipOf, ownerText } from '../../core/pivot/ownership.ts';
import { released } from '../../core/pivot/release.ts';
import { ensureEscrow } from '../../escrow/escrow.ts';
import { readRecord } from '../../handover/store.ts';
import { adoptable } from '../adoptable.ts';
import { canBeReported, hasNoClusterClass, isNotBeingDeleted } from '../checks.ts';
import { ownUid } from '../own-uid.ts';
import { crdsOf } from '../crds.ts';
import { listAll } from '../objects.ts';
import { compositeOf, type PivotStep, type Scope } from '../scope.ts';
import { isItsTurn } from '../turn.ts';

/**
 * adopt decides that a cluster that manages itself belongs to this management side from now on, and no longer to another
 * one or to one that was lost (docs/decisions/0028). Nothing in the cluster is changed before the commit: this side
 * writes down what it has to know to take the cluster back, and commits.
 */
export const adopt: PivotStep = { name: 'Adopt', run };

const RETRY_MS = 5000;

const CHECKS = [
  isFirstHere,
  isSelfManaged,
  hasNoClusterClass,
  canBeReported,
  isNotBeingDeleted,
  adoptable,
];

async function run(scope: Scope): Promise<Outcome> {
  const { record, deps } = scope;
  if (record.committed) return done;
  const turn = await isItsTurn(scope);
  if (turn.kind !== 'Done') return turn;
  const found = await theCluster(scope);
  if (found.kind !== 'Done') return found;
  const graph = found.value;
  for (const check of CHECKS) {
    // oxlint-disable-next-line no-await-in-loop -- the first check that fails is reported
    const outcome = await check(scope, graph);
    if (outcome.kind !== 'Done') return outcome;
  }
  const epoch = Math.max(ownershipOf(graph.cluster).epoch, record.status.epoch ?? 0) + 1;
  await ensureEscrow(deps, handoverOf(scope, epoch, graph), released(graph.objects));
  await record.save(commitment(scope, epoch, graph));
  return done;
}

async function theCluster({ target, cluster, record }: Scope): Promise<Outcome<Graph>> {
  const crds = await crdsOf(target.api, target.server);
  const types = moveTypes(crds, cloudNamed(record.spec.provider)?.movesAlso);
  const graph = graphOf(cluster.name, await listAll(target.api, types, cluster.namespace));
  if (graph !== undefined) return doneWith(graph);
  const { namespace, name } = cluster;
  const message = `The cluster has no Cluster ${namespace}/${name}: it can be adopted only under the namespace and name that it has there`;
  return wait('WaitingForCluster', message, RETRY_MS);
}

/** A Pivot that was lost and made again must not replace what is known of the cluster by what the cluster says now. */
async function isFirstHere(scope: Scope): Promise<Outcome> {
  const { deps, cluster, record } = scope;
  const { record: known } = await readRecord(deps, cluster);
  const isOurs = known?.handover.startsWith(`${record.object.metadata.uid ?? ''}/`);
  if (known === undefined || isOurs === true) return done;
  return stalled(
    'RecordExists',
    `This management side has a record of cluster ${cluster.namespace}/${cluster.name} from an earlier handover or adoption: delete the ManagedCluster that it belongs to with spec.deletionPolicy: Orphan first`,
  );
}

async function isSelfManaged(scope: Scope, { cluster }: Graph): Promise<Outcome> {
  const { name } = scope.cluster;
  if (ownershipOf(cluster).owner !== 'workload') {
    return stalled(
      'NotSelfManaged',
      `Cluster ${name} in the cluster has owner ${ownerText(cluster)}: only a cluster that manages itself can be adopted`,
    );
  }
  return isGivenUp(scope, cluster);
}

/** Somebody has to say which management side loses the cluster: one that lives does not lose it unnoticed. */
export async function isGivenUp(
  { record, deps }: Scope,
  { metadata }: KubeObject,
): Promise<Outcome> {
  const uid = metadata.annotations?.[MANAGEMENT_ANNOTATION];
  const from = record.spec.adoptFrom;
  if (uid === undefined || uid === from || uid === (await ownUid(deps))) return done;
  return stalled(
    'ManagedElsewhere',
    `The cluster belongs to the management side whose namespace kube-system has the uid ${uid}, and not to ${from}: if that side is lost, or has let the cluster go, delete this object and create it again with spec.adoptFrom: ${uid}`,
  );
}

function handoverOf(scope: Scope, epoch: number, { objects }: Graph): HandoverRecord {
  const { cluster, record } = scope;
  const handover = `${record.object.metadata.uid ?? ''}/${epoch}`;
  const composite = compositeOf(scope);
  return recordOf({ ...cluster, composite, handover, epoch }, released(objects));
}

function commitment({ deps }: Scope, epoch: number, graph: Graph) {
  const at = deps.clock.now().toISOString();
  const message = 'The cluster manages itself, and this side is its management side';
  return {
    epoch,
    moved: movedStatus(graph),
    skipped: graph.skipped,
    journal: { attempts: 1, activatedAt: at, settledAt: at, acknowledgedAt: at },
    conditions: [
      { type: 'Committed', status: 'True', reason: 'Committed', message },
      { type: 'Released', status: 'True', reason: 'Released', message },
    ],
  } as const;
}
