import { describe, expect, it } from '@jest/globals';
import { isTrue } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { isClusterApi } from '../core/pivot/identity.ts';
import { ownershipOf } from '../core/pivot/ownership.ts';
import { type Cut, WriteCount } from '../../test/fake/write-count.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import type { FakeApiServer } from '../../test/fake/api-server.ts';
import { clusterIn, FakeWorld } from '../../test/fake/world.ts';

const WORKERS = 1;

function isDone(pivot: KubeObject): boolean {
  return isTrue(pivot, 'Ready');
}

async function handedOver(composed: boolean): Promise<FakeWorld> {
  const world = await fresh(composed);
  await world.pivot();
  await world.run(isDone);
  return world;
}

async function fresh(composed: boolean): Promise<FakeWorld> {
  const world = new FakeWorld();
  await world.begin({ composed, workers: WORKERS });
  return world;
}

/** The content that must be equal on target and source. */
function content(server: FakeApiServer): readonly string[] {
  return server
    .all(NAMESPACE)
    .filter((object) => isClusterApi(object) || /^demo-(cp|md|ca)/.test(object.metadata.name ?? ''))
    .map(({ kind, metadata, spec, data, status }) =>
      JSON.stringify([
        kind,
        metadata.name,
        metadata.finalizers,
        (metadata.ownerReferences ?? [])
          .map(({ kind: owner, name }) => `${owner} ${name}`)
          .filter((o) => !o.startsWith('X')),
        spec,
        data,
        recordIn({ status }, 'status')?.['initialization'],
      ]),
    )
    .toSorted();
}

const directions = [
  { direction: 'ToWorkload', composed: false },
  { direction: 'ToWorkload', composed: true },
  { direction: 'ToManagement', composed: true },
] as const;

describe.each(directions)(
  'a provider that is killed: $direction, composed: $composed',
  ({ direction, composed }) => {
    const forward = direction === 'ToWorkload';

    async function begin(): Promise<FakeWorld> {
      return forward ? fresh(composed) : handedOver(composed);
    }

    async function writes(): Promise<number> {
      const world = await begin();
      const count = new WriteCount();
      await world.pivot({ direction }, 'killed');
      await world.run(isDone, { name: 'killed', wrap: count.wrap });
      return count.writes;
    }

    async function survives(cut: Cut): Promise<void> {
      const world = await begin();
      const [source, target] = forward
        ? [world.management, world.workload]
        : [world.workload, world.management];
      const before = content(source);
      await world.pivot({ direction }, 'killed');
      const count = new WriteCount(cut);
      await world.run(isDone, { name: 'killed', wrap: count.wrap, isDead: () => count.dead });
      expect(count.dead).toBe(true);
      const end = await world.run(isDone, { name: 'killed' });
      expect(end.status?.conditions?.find(({ type }) => type === 'Ready')).toMatchObject({
        status: 'True',
      });
      await world.controllers.workload.settled();
      await world.controllers.management.settled();
      expect(content(target)).toEqual(before);
      expect(source.all(NAMESPACE).filter(isClusterApi)).toEqual([]);
      expect(clusterIn(target).map((cluster) => ownershipOf(cluster).paused)).toEqual([false]);
      expect(world.violations).toEqual([]);
    }

    it('reaches the same end state, whichever write was the last', async () => {
      const total = await writes();
      expect(total).toBeGreaterThan(40);
      const failures: string[] = [];
      for (let at = 1; at <= total; at += 1) {
        for (const when of ['Before', 'After'] as const) {
          // oxlint-disable-next-line no-await-in-loop -- worlds are sequential
          await survives({ at, when }).catch((error: unknown) => {
            failures.push(`${when} write ${at} of ${total}: ${String(error)}`);
          });
        }
      }
      expect(failures).toEqual([]);
    }, 120_000);
  },
);
