import { describe, expect, it, jest } from '@jest/globals';
import { EPOCH_ANNOTATION, OWNER_ANNOTATION } from '../../lib/apis/ownership.ts';
import { PIVOT } from '../../lib/apis/kinds.ts';
import { conditionOf, isTrue } from '../../lib/core/conditions.ts';
import { type KubeObject, recordIn } from '../../lib/core/object.ts';
import { LONGEST_FENCE_MS } from '../core/pivot/journal.ts';
import { ownershipOf } from '../core/pivot/ownership.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { UnreachableError } from '../../lib/kube/errors.ts';
import { WriteCount } from '../../test/fake/write-count.ts';
import { passedOn } from '../../test/fake/scenes.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import type { FakeApiServer } from '../../test/fake/api-server.ts';
import { clusterIn, PIVOT_NAME, FakeWorld } from '../../test/fake/world.ts';

async function fresh(composed = true): Promise<FakeWorld> {
  const world = new FakeWorld();
  await world.begin({ composed, workers: 1 });
  return world;
}

/** All objects with status, without server-generated fields and the annotations about the owner. */
function everything(server: FakeApiServer): readonly unknown[] {
  return server
    .all(NAMESPACE)
    .filter(({ kind }) => kind !== 'Pivot')
    .map(({ metadata, status, ...content }) => {
      const { resourceVersion: _version, generation: _generation, ...rest } = metadata;
      const annotations = { ...rest.annotations };
      delete annotations[OWNER_ANNOTATION];
      delete annotations[EPOCH_ANNOTATION];
      return { ...content, metadata: { ...rest, annotations }, status: withoutCounts(status) };
    });
}

function withoutCounts(status: unknown): unknown {
  return JSON.parse(
    JSON.stringify(status ?? {}, (key, value: unknown) =>
      key === 'observedGeneration' ? undefined : value,
    ),
  );
}

const REF = { ...PIVOT, namespace: NAMESPACE, name: PIVOT_NAME };

/** The abort is complete, or came too late and the pivot is complete. */
function isOver(pivot: KubeObject): boolean {
  return isTrue(pivot, 'Ready') || conditionOf(pivot, 'Ready')?.reason === 'Aborted';
}

async function settled(world: FakeWorld): Promise<void> {
  await world.controllers.management.settled();
  await world.controllers.workload.settled();
}

function expectUntouched(world: FakeWorld, before: readonly unknown[]): void {
  expect(everything(world.management)).toEqual(before);
  expect(everything(world.workload)).toEqual([]);
  expect(world.violations).toEqual([]);
}

/** Whether the abort came before the commit. */
async function abortedAt(at: number, composed: boolean): Promise<boolean> {
  const world = await fresh(composed);
  const before = everything(world.management);
  await world.pivot();
  const count = new WriteCount({ at, when: 'After' });
  await world.run(isOver, { wrap: count.wrap, isDead: () => count.dead });
  await world.management.patch(REF, { spec: { abort: true } });
  const end = await world.run(isOver);
  await settled(world);
  if (isTrue(end, 'Committed')) return false;
  expectUntouched(world, before);
  expect(conditionOf(end, 'Released')?.status).not.toBe('True');
  return true;
}

describe('abort', () => {
  it.each([true, false])(
    'restores everything, at any point before the commit; composed: %s',
    async (composed) => {
      const probe = await fresh(composed);
      const count = new WriteCount();
      await probe.pivot();
      await probe.run((pivot) => isTrue(pivot, 'Committed'), { wrap: count.wrap });
      let taken = 0;
      for (let at = 1; at < count.writes; at += 1) {
        // oxlint-disable-next-line no-await-in-loop -- worlds are sequential
        taken += (await abortedAt(at, composed)) ? 1 : 0;
      }
      expect(taken).toBeGreaterThan(25);
    },
    60_000,
  );

  it('false again starts a new attempt under a higher epoch', async () => {
    const world = await fresh();
    await world.pivot();
    const count = new WriteCount({ at: 20, when: 'After' });
    await world.run(isOver, { wrap: count.wrap, isDead: () => count.dead });
    await world.management.patch(REF, { spec: { abort: true } });
    await world.run(isOver);
    await world.management.patch(REF, { spec: { abort: false } });
    const end = await world.run((pivot) => isTrue(pivot, 'Ready'));
    expect(conditionOf(end, 'Ready')?.status).toBe('True');
    expect(conditionOf(end, 'Aborted')?.status).toBe('False');
    expect(clusterIn(world.workload).map(ownershipOf)).toEqual([
      { owner: 'workload', epoch: 5, paused: false },
    ]);
  });

  it('invalidates a fence that is still in flight', async () => {
    const world = await fresh();
    const before = everything(world.management);
    await world.pivot();
    const late: (() => Promise<unknown>)[] = [];
    await world.run(() => late.length > 0, {
      wrap: (api) => ({
        ...passedOn(api),
        patch: (ref, patch, options) => {
          if (ref.kind !== 'Cluster') return api.patch(ref, patch, options);
          late.push(() => api.patch(ref, patch, options));
          return Promise.reject(new UnreachableError('no answer in time'));
        },
      }),
    });
    await world.management.patch(REF, { spec: { abort: true } });
    await world.run(isOver);
    await expect(late[0]?.()).rejects.toMatchObject({ code: 409 });
    await settled(world);
    expectUntouched(world, before);
    expect(clusterIn(world.management).map(ownershipOf)).toEqual([
      { owner: 'management', epoch: 3, paused: false },
    ]);
  });

  it('retries quickly to give the source back, because no controller reconciles it', async () => {
    const world = await fresh();
    const before = everything(world.management);
    await world.pivot();
    const count = new WriteCount({ at: 20, when: 'After' });
    await world.run(isOver, { wrap: count.wrap, isDead: () => count.dead });
    await world.management.patch(REF, { spec: { abort: true } });
    const refusing = await world.run((pivot) => conditionOf(pivot, 'Ready') !== undefined, {
      wrap: (api) => ({
        ...passedOn(api),
        patch: (ref, patch, options) =>
          ref.kind === 'Cluster' ? gone() : api.patch(ref, patch, options),
      }),
    });
    expect(conditionOf(refusing, 'Synced')).toMatchObject({ reason: 'ReconcileError' });
    expect(conditionOf(refusing, 'Ready')?.message).toContain('Cannot give the source back yet');
    await world.run(isOver);
    await settled(world);
    expectUntouched(world, before);
  });

  it('is triggered by the deletion of the Pivot', async () => {
    const world = await fresh();
    const before = everything(world.management);
    await world.pivot();
    const count = new WriteCount({ at: 20, when: 'After' });
    await world.run(isOver, { wrap: count.wrap, isDead: () => count.dead });
    await world.management.delete(REF);
    await expect(world.run(() => false)).rejects.toThrow('there is no Pivot');
    await settled(world);
    expectUntouched(world, before);
  });

  it('unpauses the source immediately if the target does not answer, and removes the copies later', async () => {
    const world = await fresh();
    const before = everything(world.management);
    await world.pivot();
    const count = new WriteCount({ at: 25, when: 'After' });
    await world.run(isOver, { wrap: count.wrap, isDead: () => count.dead });
    await world.management.patch(REF, { spec: { abort: true } });
    const waiting = await world.run(
      (pivot) => conditionOf(pivot, 'Ready')?.reason === 'TargetUnreachable',
      { wrap: (api, side) => (side === 'workload' ? dead(api) : api) },
    );
    expect(conditionOf(waiting, 'Ready')?.reason).toBe('TargetUnreachable');
    expect(clusterIn(world.management).map((cluster) => ownershipOf(cluster).paused)).toEqual([
      false,
    ]);
    expect(clusterIn(world.workload).map((cluster) => ownershipOf(cluster).paused)).toEqual([true]);
    await world.run(isOver);
    await settled(world);
    expectUntouched(world, before);
  });

  it('is triggered by an overdue fence, and another attempt follows after a pause', async () => {
    await hastened(async () => {
      const world = await fresh();
      const before = everything(world.management);
      world.controllers.management.alive = false;
      await world.pivot();
      const count = new WriteCount({ at: 4, when: 'After' });
      await world.run(isOver, { wrap: count.wrap, isDead: () => count.dead });
      world.now += LONGEST_FENCE_MS;
      const aborted = await world.run((pivot) => conditionOf(pivot, 'Aborted')?.status === 'True');
      expect(conditionOf(aborted, 'Aborted')?.reason).toBe('TookTooLong');
      world.controllers.management.alive = true;
      const resting = await world.run(
        (pivot) => conditionOf(pivot, 'Ready')?.reason === 'BackingOff',
      );
      await settled(world);
      expect(conditionOf(resting, 'Ready')?.reason).toBe('BackingOff');
      expectUntouched(world, before);
      world.now += 120_000;
      const end = await world.run((pivot) => isTrue(pivot, 'Ready'));
      expect(conditionOf(end, 'Ready')).toMatchObject({ status: 'True' });
      expect(recordIn(recordIn(end, 'status'), 'journal')).toMatchObject({ attempts: 2 });
    });
  }, 30_000);
});

/** Runs work that waits long for a dead peer, on a clock that advances with the work. */
async function hastened(work: () => Promise<void>): Promise<void> {
  jest.useFakeTimers({
    doNotFake: ['Date', 'hrtime', 'nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate'],
  });
  try {
    const state = { isOver: false };
    const end = work().finally(() => {
      state.isOver = true;
    });
    // oxlint-disable-next-line no-await-in-loop -- clock steps are sequential
    while (!state.isOver) await jest.advanceTimersByTimeAsync(50);
    await end;
  } finally {
    jest.useRealTimers();
  }
}

function gone(): Promise<never> {
  return Promise.reject(new UnreachableError('no route'));
}

function dead(api: KubeApi): KubeApi {
  return {
    ...api,
    get: gone,
    list: gone,
    create: gone,
    replace: gone,
    patch: gone,
    delete: gone,
    watch: gone,
  };
}
