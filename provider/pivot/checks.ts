import { FORGOTTEN, isForgotten } from '../../lib/apis/forgotten.ts';
import { firstUnmet, G2, type View } from '../../capi/gates.ts';
import { AGENT_INSTALLATION } from '../../lib/apis/kinds.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { isNoMatch } from '../../lib/kube/errors.ts';
import { done, stalled, wait, type Outcome } from '../../lib/reconcile/outcome.ts';
import type { Graph } from '../core/pivot/graph.ts';
import type { Journal } from '../core/pivot/journal.ts';
import { isFencedBy, ownershipOf, ownerText } from '../core/pivot/ownership.ts';
import { foreignControllers } from '../core/pivot/release.ts';
import { controlPlaneOf, infrastructureOf } from '../core/pivot/settled.ts';
import { leaving, someOf } from '../core/pivot/standstill.ts';
import { LONGEST_LIST } from '../core/pivot/status.ts';
import { machinesIn } from '../core/pivot/verify.ts';
import { SELF_MANAGED } from './copies.ts';
import { isManagedHere } from './managed-here.ts';
import type { Scope } from './scope.ts';

/** Check is a precondition on the source before an attempt is opened; Done if it holds. */
export type Check = (scope: Scope, graph: Graph) => Outcome | Promise<Outcome>;

const RETRY_MS = 5000;

/** Changes of the Cluster cause events; changes of its machines do not. */
const GATE_MS = 2000;

/** CHECKS run in this order; the first one that fails is reported to the user. */
export const CHECKS: readonly Check[] = [
  isOwnedBySource,
  hasNoClusterClass,
  canBeReported,
  isNotBeingDeleted,
  hasOneController,
  passesGate,
];

/** Only its owner can hand a cluster over; from an escrow it is taken back regardless of its owner. */
async function isOwnedBySource(scope: Scope, { cluster }: Graph): Promise<Outcome> {
  const { record, source } = scope;
  if (source === undefined) return done;
  if (ownershipOf(cluster).owner === source.side) return isManagedHere(scope);
  if (source.side === 'management' && isForgotten(cluster)) return stalled(SELF_MANAGED, FORGOTTEN);
  const { aborted } = record.journal;
  if (aborted !== undefined && isFenceOfAborted(record.journal, cluster)) {
    // A process that did not know of the abort wrote the fence after it.
    await record.save({ journal: { aborted: { ...aborted, sourceBack: false } } });
    return wait('Aborting', 'Reverting a fence that was written late', 0);
  }
  return stalled(
    'NotTheOwner',
    `Cluster ${scope.cluster.name} on the ${source.side} side has owner ${ownerText(cluster)}: only its owner can hand it over; check whether another Pivot moves it`,
  );
}

function isFenceOfAborted({ attempt, aborted }: Journal, cluster: KubeObject): boolean {
  return attempt?.epoch === aborted?.epoch && isFencedBy(cluster, attempt);
}

/** hasNoClusterClass fails for a ClusterClass, which several clusters may share. */
export function hasNoClusterClass(_scope: Scope, { cluster }: Graph): Outcome {
  return recordIn(recordIn(cluster, 'spec'), 'topology') === undefined
    ? done
    : stalled(
        'TopologyNotSupported',
        'The Cluster uses a ClusterClass, which several clusters may share: such clusters cannot be moved',
      );
}

/** canBeReported fails for a cluster with objects that a Pivot cannot list, so that they could not be removed from the source. */
export function canBeReported(_scope: Scope, { objects }: Graph): Outcome {
  return objects.length <= LONGEST_LIST
    ? done
    : stalled(
        'TooManyObjects',
        `The cluster has ${objects.length} objects, but a Pivot can list at most ${LONGEST_LIST}, and it cannot remove unlisted objects from the source: scale the cluster down`,
      );
}

/** isNotBeingDeleted waits: a deletion can finish only while a controller reconciles the cluster; nothing is deleted in an escrow. */
export function isNotBeingDeleted({ source }: Scope, { objects }: Graph): Outcome {
  const leavers = source === undefined ? [] : leaving(objects);
  return leavers.length === 0
    ? done
    : wait(
        'WaitingForDeletion',
        `Waiting for the deletion of ${someOf(leavers)} to finish`,
        RETRY_MS,
      );
}

/** All objects must be released from one composite. */
function hasOneController({ cluster }: Scope, { objects }: Graph): Outcome {
  const controllers = foreignControllers(cluster.name, objects);
  return controllers.length <= 1
    ? done
    : stalled(
        'SeveralControllers',
        `The objects of the cluster have several controllers: ${controllers.map(({ kind, name }) => `${kind} ${name}`).join(', ')}`,
      );
}

/** Gate G2 applies to the handover only; a take-back may be the way to rescue a broken cluster. */
async function passesGate(scope: Scope, graph: Graph): Promise<Outcome> {
  if (scope.record.spec.direction !== 'ToWorkload') return done;
  const agentInstallation = await installationOf(scope);
  const view: View = {
    cluster: graph.cluster,
    infrastructureCluster: infrastructureOf(graph),
    controlPlane: controlPlaneOf(graph),
    agentInstallation,
    machines: machinesIn(graph.objects),
  };
  const unmet = firstUnmet(agentInstallation === undefined ? withoutAgent : G2, view);
  return unmet === undefined
    ? done
    : wait(unmet.name, `Gate G2: waiting for ${unmet.waitingFor(view)}`, GATE_MS);
}

async function installationOf({ deps, cluster }: Scope): Promise<KubeObject | undefined> {
  try {
    return await deps.management.get({ ...AGENT_INSTALLATION, ...cluster });
  } catch (error) {
    // A kind that is not installed is the only reason not to wait.
    if (isNoMatch(error)) return undefined;
    throw error;
  }
}

/** A cluster without a composite has no agent to wait for. */
const withoutAgent: typeof G2 = {
  ...G2,
  predicates: G2.predicates.filter(({ name }) => name !== 'WaitingForReady'),
};
