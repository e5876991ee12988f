import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import { type Cut, WriteCount } from '../../test/fake/write-count.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import { FakeTeardown, type Stage, type Wish } from '../../test/fake/teardown.ts';
import { isClusterApi } from '../core/pivot/identity.ts';
import { ownershipOf } from '../core/pivot/ownership.ts';

interface Case {
  readonly reason: string;
  readonly stage: Stage;
  readonly wish?: Wish;
  /** Its API server no longer answers; its last actions are unknown. */
  readonly dead?: boolean;
  /** The side with the Cluster API objects afterwards; neither if absent. */
  readonly left?: 'management' | 'workload';
}

const ORPHAN: Wish = { spec: { deletionPolicy: 'Orphan' } };
const FORCED: Wish = { annotations: { 'managedcluster.io/force-escrow': 'true' } };

const CASES: readonly Case[] = [
  { reason: 'before the pivot', stage: 'BeforePivot' },
  { reason: 'half-way through a pivot', stage: 'BeforeCommit' },
  { reason: 'behind the commit of a pivot', stage: 'AfterCommit' },
  { reason: 'of a cluster that has itself', stage: 'SelfManaged' },
  { reason: 'of a cluster that is dead', stage: 'SelfManaged', wish: FORCED, dead: true },
  {
    reason: 'right behind the commit of a pivot to a cluster that is dead',
    stage: 'Committed',
    wish: FORCED,
    dead: true,
  },
  {
    reason: 'later behind the commit of a pivot to a cluster that is dead',
    stage: 'AfterCommit',
    wish: FORCED,
    dead: true,
  },
  {
    reason: 'of a cluster that is let go before its pivot',
    stage: 'BeforePivot',
    wish: ORPHAN,
    left: 'management',
  },
  {
    reason: 'of a cluster that is let go half-way',
    stage: 'BeforeCommit',
    wish: ORPHAN,
    left: 'management',
  },
  {
    reason: 'of a cluster that has itself and is let go',
    stage: 'SelfManaged',
    wish: ORPHAN,
    left: 'workload',
  },
];

/**
 * Every third write, different ones in each case: all of them would take a minute, and e2e:kill covers real
 * processes.
 */
const STRIDE = 3;

const ORDER = ['MachineDeployment', 'KubeadmControlPlane', 'DevCluster', 'Cluster'];

async function begun({ stage, wish, dead = false }: Case): Promise<FakeTeardown> {
  const teardown = new FakeTeardown();
  await teardown.begin(stage, wish);
  teardown.dead = dead;
  return teardown;
}

function expectEnd({ world, order }: FakeTeardown, { left, dead }: Case): void {
  const [here, there] = [world.management, world.workload].map((server) => server.all(NAMESPACE));
  const clusters = [...here!, ...(dead === true ? [] : there!)].filter(
    ({ kind }) => kind === 'Cluster',
  );
  expect(titles(here!.filter((object) => !isOfCluster(object)))).toEqual([
    'ConfigMap demo-teardown',
  ]);
  if (dead !== true) expect(world.violations).toEqual([]);
  expect(order.filter((kind) => ORDER.includes(kind))).toEqual(left === undefined ? ORDER : []);
  expect(clusters.map((one) => [ownershipOf(one).owner, ownershipOf(one).paused])).toEqual(
    left === undefined ? [] : [[left, false]],
  );
  if (left === 'management') expect(JSON.stringify(here)).not.toContain('crossplane.io');
}

/** Whether an object belongs to the cluster. */
function isOfCluster(object: KubeObject): boolean {
  return isClusterApi(object) || /^demo-(ca|cp|md)/.test(object.metadata.name ?? '');
}

function titles(objects: readonly KubeObject[]): readonly string[] {
  return objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`).toSorted();
}

async function writes(one: Case): Promise<number> {
  const teardown = await begun(one);
  const count = new WriteCount();
  expect(await teardown.run({ wrap: count.wrap })).toBe(true);
  expectEnd(teardown, one);
  return count.writes;
}

async function survives(one: Case, cut: Cut): Promise<void> {
  const teardown = await begun(one);
  const count = new WriteCount(cut);
  await teardown.run({ wrap: count.wrap, isDead: () => count.dead });
  expect(count.dead).toBe(true);
  await teardown.run();
  expectEnd(teardown, one);
}

describe('a provider that is killed during the teardown', () => {
  it.each(CASES)(
    '$reason: reaches the same end state',
    async (one) => {
      const total = await writes(one);
      expect(total).toBeGreaterThan(8);
      const failures: string[] = [];
      const offset = CASES.indexOf(one) % STRIDE;
      for (let at = 1 + offset; at <= total; at += STRIDE) {
        // The state before the next write is the state after this one, so it is not tested again.
        // oxlint-disable-next-line no-await-in-loop -- worlds are sequential
        await survives(one, { at, when: 'After' }).catch((error: unknown) => {
          failures.push(`after write ${at} of ${total}: ${String(error)}`);
        });
      }
      expect(failures).toEqual([]);
    },
    120_000,
  );
});
