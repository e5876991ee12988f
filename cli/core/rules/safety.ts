import type { Side } from '../../../lib/apis/ownership.ts';
import { type KubeObject, recordIn } from '../../../lib/core/object.ts';
import { findingOf, type Advice, type Finding, type Rule, type NextStep } from '../finding.ts';
import { secondsBetween } from '../duration.ts';
import { bothRun, ownershipOf, ownershipText } from '../ownership.ts';
import { stepsOf } from './pivot-steps.ts';
import { POLICIES_HERE, WORKLOAD_KUBECONFIG } from './steps.ts';
import { headOf, type SideObjects, type Snapshot } from '../snapshot.ts';
import { conditionOf, isTrue } from '../../../lib/core/conditions.ts';

const PAUSE_MANAGEMENT: NextStep = {
  do: 'pause the Cluster on the management side, which is not the owner',
  run: '{kubectl} -n {namespace} patch cluster.cluster.x-k8s.io/{name} --type=merge -p \'{"spec":{"paused":true}}\'',
};

const PAUSE_WORKLOAD: NextStep = {
  do: 'pause the Cluster on the workload side, which is not the owner',
  run: 'kubectl --kubeconfig {name}.kubeconfig -n {namespace} patch cluster.cluster.x-k8s.io/{name} --type=merge -p \'{"spec":{"paused":true}}\'',
};

const LOOK_AT_POLICIES: NextStep = {
  ...POLICIES_HERE,
  do: 'then find out why the policies did not prevent this: all policies and their bindings must be installed on both sides',
};

const TWO_SIDES_WHY =
  'Two sides that reconcile the same cluster destroy it: each creates and deletes machines independently. This must never happen.';

/** A cluster that neither side reconciles for longer than this needs an action by a user. */
const UNMANAGED_SECONDS = 300;

/** safety reports violations of the invariant that at most one side reconciles at any instant (DESIGN 5). */
export const safety: Rule = (snapshot) => {
  const { management, workload } = snapshot;
  const here = management.cluster;
  const there = workload.kind === 'Reached' ? workload.objects.cluster : undefined;
  if (here !== undefined && there !== undefined) {
    const [ours, theirs] = [ownershipOf(here), ownershipOf(there)];
    if (bothRun(here, there)) return [twoRun(snapshot, here, there)];
    if (ours.paused && theirs.paused) return [nobodyRuns(snapshot, here, there)];
  }
  return [
    ...strangers(snapshot, 'management', here),
    ...strangers(snapshot, 'workload', there),
    ...leftBehind(snapshot),
  ];
};

/** A side that reconciles without being the owner: the other side may reconcile too, even if it was not read. */
function strangers(
  snapshot: Snapshot,
  side: Side,
  cluster: KubeObject | undefined,
): readonly Finding[] {
  if (cluster === undefined) return [];
  const { owner, paused } = ownershipOf(cluster);
  if (paused || owner === side) return [];
  const what = `The ${side} side reconciles the cluster but is not its owner: ${ownershipText(cluster)}`;
  const pause = side === 'management' ? [PAUSE_MANAGEMENT] : [WORKLOAD_KUBECONFIG, PAUSE_WORKLOAD];
  const advice: Advice = {
    why: TWO_SIDES_WHY,
    severity: 'danger',
    next: [...pause, LOOK_AT_POLICIES],
  };
  return [findingOf(snapshot, { reason: 'RunsUnowned', object: cluster, what }, advice)];
}

function twoRun(snapshot: Snapshot, here: KubeObject, there: KubeObject): Finding {
  const workloadOwns = ownershipOf(there).epoch > ownershipOf(here).epoch;
  const next = workloadOwns
    ? [PAUSE_MANAGEMENT, LOOK_AT_POLICIES]
    : [WORKLOAD_KUBECONFIG, PAUSE_WORKLOAD, LOOK_AT_POLICIES];
  const what = `Both sides reconcile the cluster: management side ${ownershipText(here)}; workload side ${ownershipText(there)}`;
  const advice: Advice = { why: TWO_SIDES_WHY, severity: 'danger', next };
  return findingOf(snapshot, { reason: 'BothSidesRun', object: here, what }, advice);
}

function nobodyRuns(snapshot: Snapshot, here: KubeObject, there: KubeObject): Finding {
  const advice: Advice = {
    why: 'Between the steps Fence and Activate of a pivot neither side reconciles the cluster: its machines keep running, but none is replaced, scaled or upgraded. The findings of the Pivot show what it waits for.',
    usualSeconds: UNMANAGED_SECONDS,
    next: [
      {
        do: 'see what the Pivot waits for',
        run: '{kubectl} -n {namespace} describe pivots.m.managedcluster.io/{name}',
      },
    ],
  };
  const what = `Neither side reconciles the cluster: management side ${ownershipText(here)}; workload side ${ownershipText(there)}`;
  const evidence = { reason: 'Unmanaged', object: there, what, since: fencedAt(snapshot) };
  return findingOf(snapshot, evidence, advice);
}

/** The start of the step Fence is when the cluster was paused. */
function fencedAt({ pivot }: Snapshot): string | undefined {
  return stepsOf(pivot).find(({ name }) => name === 'Fence')?.startTime;
}

/** Objects that a finished pivot still has on both sides; they are paused and harmless. */
function leftBehind(snapshot: Snapshot): readonly Finding[] {
  const { management, pivot, takenAt } = snapshot;
  const both = onBothSides(snapshot);
  const head = headOf(snapshot);
  const over = isTrue(pivot, 'Ready') || recordIn(head, 'status')?.['phase'] === 'SelfManaged';
  if (!over || both.length === 0 || management.cluster === undefined) return [];
  const since = conditionOf(pivot, 'Committed')?.lastTransitionTime;
  const long = since !== undefined && secondsBetween(since, takenAt) > UNMANAGED_SECONDS;
  const advice: Advice = {
    why: 'They are the paused originals on the management side. The provider deletes them after the target side is activated; deleting them by hand in the wrong order can delete machines.',
    severity: long ? 'problem' : 'note',
    next: [
      {
        do: 'leave them to the provider, and see the conditions of the Pivot',
        run: '{kubectl} -n {namespace} describe pivots.m.managedcluster.io/{name}',
      },
    ],
  };
  const what = `${both.length} objects of a self-managed cluster are still on both sides: ${both.join(', ')}`;
  return [
    findingOf(
      snapshot,
      { reason: 'LeftOnBothSides', object: management.cluster, what, since },
      advice,
    ),
  ];
}

/** onBothSides lists the objects that exist on both sides, as kind and name. */
export function onBothSides({ management, workload }: Snapshot): readonly string[] {
  if (workload.kind !== 'Reached') return [];
  const there = new Set(namesIn(workload.objects));
  return namesIn(management).filter((name) => there.has(name));
}

function namesIn(side: SideObjects): readonly string[] {
  return [
    side.cluster,
    side.infrastructureCluster,
    side.controlPlane,
    ...side.templates,
    ...side.machineDeployments,
    ...side.healthChecks,
    ...side.machines,
    ...side.infrastructureMachines,
  ].flatMap((object) =>
    object === undefined ? [] : [`${object.kind}/${object.metadata.name ?? ''}`],
  );
}
