import { describe, expect, it } from '@jest/globals';
import type { JsonObject, KubeObject } from '../../lib/core/object.ts';
import {
  AGENT_INSTALLATION,
  CLUSTER,
  CLUSTER_PLAN,
  CONTROL_PLANE,
  PIVOT,
} from './composed-names.ts';
import { factsOf } from './facts.ts';
import { phaseOf } from './phase.ts';
import { aScene, type Scene } from '../testing/scenes.ts';
import { patched, reporting, type Report } from '../testing/objects.ts';

function pivotSays(scene: Scene, conditions: Readonly<Record<string, Report>>): Scene {
  return scene.change(PIVOT, (pivot) => reporting(pivot, conditions));
}

function unavailable(object: KubeObject): KubeObject {
  return reporting(object, {
    Available: 'False',
    RemoteConnectionProbe: 'Unknown',
    Ready: 'False',
  });
}

function annotated(scene: Scene, annotations: JsonObject): Scene {
  return scene.change(CLUSTER, (cluster) => patched(cluster, { metadata: { annotations } }));
}

const installing = aScene('InstallingAgent');
const pivoting = aScene('Pivoting');
const broken = pivoting
  .change(CLUSTER, unavailable)
  .change(CONTROL_PLANE, unavailable)
  .change(AGENT_INSTALLATION, unavailable);
const ALL = [CLUSTER, CONTROL_PLANE, CLUSTER_PLAN, AGENT_INSTALLATION, PIVOT];

describe('a gate that has opened stays open', () => {
  it.each<{ reason: string; scene: Scene; g1: string | undefined; g2: string | undefined }>([
    { reason: 'nothing yet', scene: aScene(), g1: 'WaitingForCluster', g2: 'WaitingForReady' },
    {
      reason: 'first objects',
      scene: aScene('Provisioning'),
      g1: 'WaitingForInfrastructure',
      g2: 'WaitingForReady',
    },
    { reason: 'G1 is open now', scene: installing, g1: undefined, g2: 'WaitingForReady' },
    {
      reason: 'G1 was open: according to the status of the composite',
      scene: installing.without(...ALL),
      g1: undefined,
      g2: 'WaitingForReady',
    },
    {
      reason: 'G1 was open: proved by later objects, although the status is lost',
      scene: installing.composite({ status: null }).change(CLUSTER, unavailable),
      g1: undefined,
      g2: 'WaitingForReady',
    },
    {
      reason: 'G1 was open: proved by AgentInstallation alone',
      scene: installing.composite({ status: null }).without(CLUSTER, CLUSTER_PLAN),
      g1: undefined,
      g2: 'WaitingForReady',
    },
    { reason: 'G2 is open now', scene: pivoting, g1: undefined, g2: undefined },
    {
      reason: 'G2 was open, and nothing is well any more',
      scene: broken,
      g1: undefined,
      g2: undefined,
    },
    {
      reason: 'G2 was open: according to the status',
      scene: broken.without(...ALL),
      g1: undefined,
      g2: undefined,
    },
    {
      reason: 'G2 was open: proved by the Pivot alone',
      scene: broken.composite({ status: null }).without(CLUSTER, CLUSTER_PLAN, AGENT_INSTALLATION),
      g1: undefined,
      g2: undefined,
    },
    {
      reason: 'behind the commit both were open, whatever is lost',
      scene: aScene('SelfManaged')
        .without(...ALL)
        .composite({ status: { phase: null } }),
      g1: undefined,
      g2: undefined,
    },
  ])('$reason', ({ scene, g1, g2 }) => {
    const { waitsAtG1, waitsAtG2 } = factsOf(scene.observed);

    expect(waitsAtG1?.name).toBe(g1);
    expect(waitsAtG2?.name).toBe(g2);
  });
});

describe('one-way doors', () => {
  const selfManaged = aScene('SelfManaged');
  const released = pivotSays(pivoting, { Released: 'True' }).without(CLUSTER, CONTROL_PLANE);

  it.each<{ reason: string; scene: Scene; doors: readonly [boolean, boolean, boolean] }>([
    { reason: 'before the fence', scene: pivoting, doors: [false, false, false] },
    {
      reason: 'fenced: the Cluster says so',
      scene: annotated(pivoting, { 'managedcluster.io/owner': 'moving' }),
      doors: [false, false, true],
    },
    {
      reason: 'owner management, as after an abort',
      scene: annotated(pivoting, { 'managedcluster.io/owner': 'management' }),
      doors: [false, false, false],
    },
    { reason: 'released', scene: released, doors: [true, false, true] },
    {
      reason: 'Released Unknown is not released',
      scene: pivotSays(released, { Released: 'Unknown' }),
      doors: [false, false, false],
    },
    {
      reason: 'released: proved by the status when the Pivot is deleted',
      scene: released.status({ released: true }).without(PIVOT),
      doors: [true, false, true],
    },
    {
      reason: 'abort: the Pivot takes Released back, the mark in the status does not count',
      scene: pivotSays(released, { Released: 'False' }).status({ released: true }),
      doors: [false, false, false],
    },
    {
      reason: 'released: proved by the status when the Pivot has lost its own',
      scene: pivotSays(released, { Released: undefined }).status({ released: true }),
      doors: [true, false, true],
    },
    { reason: 'committed', scene: selfManaged, doors: [true, true, false] },
    {
      reason: 'committed: proved by the plan when all status is lost, as in a restored backup',
      scene: pivotSays(selfManaged.composite({ status: null }), { Committed: undefined }).change(
        CLUSTER_PLAN,
        (plan) => patched(plan, { spec: { handedOver: true } }),
      ),
      doors: [true, true, false],
    },
    {
      reason: 'committed: proved by the Pivot when the status is lost',
      scene: selfManaged.composite({ status: null }),
      doors: [true, true, false],
    },
    {
      reason: 'committed: proved by the status when the Pivot is deleted',
      scene: selfManaged.without(PIVOT),
      doors: [true, true, false],
    },
    {
      reason: 'no way back from the commit',
      scene: pivotSays(selfManaged, { Released: 'False', Committed: 'False' }),
      doors: [true, true, false],
    },
  ])('$reason', ({ scene, doors }) => {
    const { released: isReleased, committed, moving } = factsOf(scene.observed);

    expect([isReleased, committed, moving]).toEqual(doors);
  });

  it('names what is still ours behind the commit', () => {
    const late = pivotSays(pivoting, { Committed: 'True' }).without(CONTROL_PLANE);
    const names = factsOf(late.observed).unreleased;

    expect(names).toContain('Cluster team-a/demo');
    expect(names.join(', ')).not.toContain('Pivot');
    expect(factsOf(pivoting.observed).unreleased).toEqual([]);
    expect(factsOf(selfManaged.observed).unreleased).toEqual([]);
  });
});

describe('epoch', () => {
  it.each<{ reason: string; scene: Scene; want: number }>([
    { reason: 'one at first', scene: aScene(), want: 1 },
    {
      reason: 'the Cluster knows',
      scene: annotated(pivoting, { 'managedcluster.io/epoch': '2' }),
      want: 2,
    },
    {
      reason: 'the Pivot knows',
      scene: pivoting.change(PIVOT, (pivot) => patched(pivot, { status: { epoch: 3 } })),
      want: 3,
    },
    { reason: 'the status knows', scene: pivoting.status({ epoch: 5 }), want: 5 },
    {
      reason: 'our own plan knows, when all status is lost',
      scene: pivoting
        .composite({ status: null })
        .change(CLUSTER_PLAN, (plan) => patched(plan, { spec: { epoch: 3 } })),
      want: 3,
    },
    {
      reason: 'the highest wins',
      scene: annotated(pivoting.status({ epoch: 4 }), { 'managedcluster.io/epoch': '2' }),
      want: 4,
    },
    {
      reason: 'nonsense does not count',
      scene: annotated(pivoting.status({ epoch: -1 }), { 'managedcluster.io/epoch': '1e400' }),
      want: 1,
    },
  ])('$reason', ({ scene, want }) => {
    expect(factsOf(scene.observed).epoch).toBe(want);
  });
});

describe('phaseOf', () => {
  it.each([
    { reason: 'nothing yet', scene: aScene(), want: 'Provisioning' },
    { reason: 'first objects', scene: aScene('Provisioning'), want: 'Provisioning' },
    { reason: 'G1 open', scene: installing, want: 'InstallingAgent' },
    { reason: 'G2 open', scene: pivoting, want: 'Pivoting' },
    { reason: 'no way back from Pivoting', scene: broken, want: 'Pivoting' },
    {
      reason: 'released is still Pivoting',
      scene: pivotSays(pivoting, { Released: 'True' }),
      want: 'Pivoting',
    },
    { reason: 'committed', scene: aScene('SelfManaged'), want: 'SelfManaged' },
    {
      reason: 'committed, and nothing else is known',
      scene: aScene().status({ committed: true }),
      want: 'SelfManaged',
    },
  ])('$reason: $want', ({ scene, want }) => {
    expect(phaseOf(factsOf(scene.observed))).toBe(want);
  });
});
