import { describe, expect, it } from '@jest/globals';
import { conditionOf, isTrue } from '../../lib/core/conditions.ts';
import type { KubeApi } from '../../lib/kube/api.ts';
import { passedOn } from '../../test/fake/scenes.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import { FakeWorld, type Wrap } from '../../test/fake/world.ts';
import { isClusterApi } from '../core/pivot/identity.ts';

/** The same delays for the same seed (mulberry32). */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Every request takes a different time, some of them long. */
function unsteady(seed: number): Wrap {
  const random = randomOf(seed);
  function pause(): Promise<void> {
    const ms = random() < 0.03 ? 15 : random() * 2;
    return new Promise((resolve) => {
      setTimeout(resolve, ms);
    });
  }
  return (api) => slowed(api, pause);
}

function slowed(api: KubeApi, pause: () => Promise<void>): KubeApi {
  return {
    ...passedOn(api),
    get: (ref) => pause().then(() => api.get(ref)),
    list: (type, options) => pause().then(() => api.list(type, options)),
    create: (object, options) => pause().then(() => api.create(object, options)),
    replace: (object, options) => pause().then(() => api.replace(object, options)),
    patch: (ref, patch, options) => pause().then(() => api.patch(ref, patch, options)),
    delete: (ref, options) => pause().then(() => api.delete(ref, options)),
  };
}

describe('two providers that both act as the leader', () => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])('seed %d', async (seed) => {
    const world = new FakeWorld();
    await world.begin({ composed: seed % 2 === 0, workers: 1 });
    const names = world.management
      .all(NAMESPACE)
      .filter(isClusterApi)
      .map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    await world.pivot();
    const ends = await Promise.all(
      [seed, seed + 100].map((own) =>
        world.run((pivot) => isTrue(pivot, 'Ready'), { wrap: unsteady(own) }),
      ),
    );
    expect(ends.map((end) => conditionOf(end, 'Ready'))).toEqual([
      expect.objectContaining({ reason: 'Completed' }),
      expect.objectContaining({ reason: 'Completed' }),
    ]);
    const there = world.workload.all(NAMESPACE).filter(isClusterApi);
    expect(there.map(({ kind, metadata }) => `${kind} ${metadata.name}`).toSorted()).toEqual(
      names.toSorted(),
    );
    expect(world.management.all(NAMESPACE).filter(isClusterApi)).toEqual([]);
    expect(world.violations).toEqual([]);
  });
});
