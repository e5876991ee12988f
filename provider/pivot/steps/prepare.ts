import { AGENT_INSTALLATION } from '../../../lib/apis/kinds.ts';
import { cloudNamed } from '../cloud-named.ts';
import { firstUnmet, G2, type View } from '../../../capi/gates.ts';
import { recordIn } from '../../../lib/core/conditions.ts';
import type { KubeObject } from '../../../lib/core/object.ts';
import { isNoMatch } from '../../../lib/kube/errors.ts';
import { done, stalled, wait, type Outcome } from '../../../lib/reconcile/outcome.ts';
import { graphHash, graphOf, movedStatus, type Graph } from '../../core/pivot/graph.ts';
import { openAttempt, retryAfterMs, type Attempt, type Journal } from '../../core/pivot/journal.ts';
import { moveTypes, type MoveType } from '../../core/pivot/move-types.ts';
import { isFencedBy, ownershipOf, ownerText } from '../../core/pivot/ownership.ts';
import { foreignControllers } from '../../core/pivot/release.ts';
import { controlPlaneOf, infrastructureOf } from '../../core/pivot/settled.ts';
import { LONGEST_LIST } from '../../core/pivot/status.ts';
import { leaving, someOf } from '../../core/pivot/standstill.ts';
import { machinesIn } from '../../core/pivot/verify.ts';
import { crdsOf } from '../crds.ts';
import { theEscrow } from '../escrow-source.ts';
import { CLUSTER, kindsOf, listAll } from '../objects.ts';
import { ensureNamespace, preflight } from '../preflight.ts';
import { rivalProblem } from '../rival.ts';
import type { Scope } from '../scope.ts';
import type { Step } from '../step.ts';

/** prepare looks at everything and touches nothing of the cluster; then it opens an attempt. */
export const prepare: Step = { name: 'Prepare', run };

const RETRY_MS = 5000;

/** Events of the Cluster come by themselves; those of its machines don't. */
const GATE_MS = 2000;

async function run(scope: Scope): Promise<Outcome> {
  const { record } = scope;
  if (record.committed || openAttempt(record.journal) !== undefined) return done;
  const resting = rest(scope, record.journal);
  if (resting !== undefined) return resting;
  const rival = await rivalProblem(scope);
  if (rival !== undefined) return rival;
  const types = await searched(scope);
  const graph = graphOf(scope.cluster.name, await objectsOf(scope, types));
  if (graph === undefined) {
    return wait('WaitingForCluster', `Waiting for Cluster ${scope.cluster.name}`, RETRY_MS);
  }
  const unfit = (await ownershipProblem(scope, graph)) ?? problemIn(scope, graph);
  if (unfit !== undefined) return unfit;
  const closed = await gateProblem(scope, graph);
  if (closed !== undefined) return closed;
  await ensureNamespace(scope);
  const attempt = await nextAttempt(scope, graph, types);
  const outcome = await preflight(scope, graph, attempt);
  if (outcome.kind !== 'Done') return outcome;
  await open(scope, graph, attempt);
  return done;
}

/** After an attempt that gave up by itself there is a pause. */
function rest({ deps, record }: Scope, journal: Journal): Outcome | undefined {
  const { aborted } = journal;
  if (aborted === undefined || aborted.reason === 'AbortRequested') return undefined;
  if (aborted.epoch !== journal.attempt?.epoch) return undefined;
  const ms = retryAfterMs(journal, aborted, deps.clock.now());
  return ms === 0 || record.deleted
    ? undefined
    : wait('BackingOff', `Waiting before the next attempt, after: ${aborted.message}`, ms);
}

async function searched({ source, target, record }: Scope): Promise<readonly MoveType[]> {
  const { api, server } = source ?? target;
  return moveTypes(await crdsOf(api, server), cloudNamed(record.spec.provider)?.movesAlso);
}

async function objectsOf(scope: Scope, types: readonly MoveType[]): Promise<readonly KubeObject[]> {
  const { source, cluster } = scope;
  if (source === undefined) return theEscrow(scope);
  return listAll(source.api, types, cluster.namespace);
}

async function ownershipProblem(scope: Scope, { cluster }: Graph): Promise<Outcome | undefined> {
  const { record, source } = scope;
  if (source === undefined) return undefined;
  if (ownershipOf(cluster).owner === source.side) return undefined;
  const { aborted } = record.journal;
  const late = fenceOfAborted(record.journal, cluster);
  if (aborted !== undefined && late) {
    // A process that did not know of the abort has written the fence behind it.
    await record.save({ journal: { aborted: { ...aborted, sourceBack: false } } });
    return wait('Aborting', 'Taking back a fence that came late', 0);
  }
  return stalled(
    'NotTheOwner',
    `Cluster ${scope.cluster.name} on the ${source.side} side has owner ${ownerText(cluster)}: only its owner can hand it over; look for another Pivot that moves it`,
  );
}

function fenceOfAborted({ attempt, aborted }: Journal, cluster: KubeObject): boolean {
  return attempt?.epoch === aborted?.epoch && isFencedBy(cluster, attempt);
}

function problemIn(scope: Scope, graph: Graph): Outcome | undefined {
  if (recordIn(recordIn(graph.cluster, 'spec'), 'topology') !== undefined) {
    return stalled(
      'TopologyNotSupported',
      'The Cluster is made from a ClusterClass, which several clusters may share: such clusters are not moved',
    );
  }
  if (graph.objects.length > LONGEST_LIST) {
    return stalled(
      'TooManyObjects',
      `The cluster has ${graph.objects.length} objects, and a Pivot can report ${LONGEST_LIST}: what it can't report it could not retire; scale the cluster down`,
    );
  }
  const leavers = scope.source === undefined ? [] : leaving(graph.objects);
  if (leavers.length > 0) {
    return wait(
      'WaitingForDeletion',
      `Waiting for the deletion of ${someOf(leavers)} to end`,
      RETRY_MS,
    );
  }
  const controllers = foreignControllers(scope.cluster.name, graph.objects);
  return controllers.length > 1
    ? stalled(
        'SeveralControllers',
        `The objects of the cluster have several controllers: ${controllers.map(({ kind, name }) => `${kind} ${name}`).join(', ')}`,
      )
    : undefined;
}

/** Gate G2 is for handing over; what is taken back may be broken, that can be the reason. */
async function gateProblem(scope: Scope, graph: Graph): Promise<Outcome | undefined> {
  const { record, deps, cluster } = scope;
  if (record.spec.direction !== 'ToWorkload') return undefined;
  const agentInstallation = await deps.management
    .get({ ...AGENT_INSTALLATION, ...cluster })

    .catch((error: unknown) => {
      // Only where the kind is not installed is there nothing to wait for.
      if (isNoMatch(error)) return undefined;
      throw error;
    });
  const view: View = {
    cluster: graph.cluster,
    infrastructureCluster: infrastructureOf(graph),
    controlPlane: controlPlaneOf(graph),
    agentInstallation,
    machines: machinesIn(graph.objects),
  };
  const unmet = firstUnmet(agentInstallation === undefined ? withoutAgent : G2, view);
  return unmet && wait(unmet.name, `Gate G2: waiting for ${unmet.waitingFor(view)}`, GATE_MS);
}

/** A cluster that nobody composed has no agent to wait for. */
const withoutAgent: typeof G2 = {
  ...G2,
  predicates: G2.predicates.filter(({ name }) => name !== 'WaitingForReady'),
};

async function nextAttempt(
  scope: Scope,
  graph: Graph,
  types: readonly MoveType[],
): Promise<Attempt> {
  const { deps, record, target, cluster } = scope;
  const { uid } = record.object.metadata;
  const { owner, epoch, paused } = ownershipOf(graph.cluster);
  const there = await target.api.get({ ...CLUSTER, ...cluster });
  const known = [
    epoch,
    there === undefined ? 0 : ownershipOf(there).epoch,
    record.status.epoch ?? 0,
    record.journal.attempt?.epoch ?? 0,
  ];
  const [controller] = foreignControllers(cluster.name, graph.objects);
  const written = recordIn(graph.cluster, 'spec')?.['paused'];
  return {
    epoch: Math.max(...known) + 1,
    ...(uid === undefined ? {} : { pivot: uid }),
    owner: owner === 'unknown' ? 'management' : owner,
    ...(typeof written === 'boolean' ? { paused } : {}),
    at: deps.clock.now().toISOString(),
    hash: graphHash(graph),
    types: usedFirst(types, graph),
    ...(controller === undefined ? {} : { controller }),
  };
}

/** A kind may be stored in one version and have been escrowed in another. */
function usedFirst(types: readonly MoveType[], graph: Graph): readonly MoveType[] {
  const names = new Set(types.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`));
  const others = kindsOf(graph.objects).filter(
    ({ apiVersion, kind }) => !names.has(`${apiVersion} ${kind}`),
  );
  return [...types, ...others.filter(({ kind }) => !types.some((type) => type.kind === kind))];
}

async function open(
  { record, memory, deps }: Scope,
  graph: Graph,
  attempt: Attempt,
): Promise<void> {
  const { attempts } = record.journal;
  // The preflight took its time, in which the cluster still had its owner.
  const at = deps.clock.now().toISOString();
  const message = 'The pivot is under way';
  await record.save({
    phase: 'Fence',
    epoch: attempt.epoch + 1,
    moved: movedStatus(graph),
    skipped: graph.skipped,
    freshSteps: attempts > 0,
    steps: [
      { name: 'Prepare', state: 'Ended' },
      { name: 'Fence', state: 'Begun' },
    ],
    journal: { attempts: attempts + 1, attempt: { ...attempt, at } },
    conditions: [
      { type: 'Committed', status: 'False', reason: 'UnderWay', message },
      { type: 'Aborted', status: 'False', reason: 'UnderWay', message },
      { type: 'Released', status: 'False', reason: 'UnderWay', message },
    ],
  });
  memory.openedHere = true;
  memory.prepared = graph;
}
