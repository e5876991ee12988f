import { describe, expect, it } from '@jest/globals';
import { CLUSTER_NAME_LABEL } from '../../capi/labels.ts';
import { PIVOT } from '../../lib/apis/kinds.ts';
import { conditionOf, isTrue } from '../../lib/core/conditions.ts';
import { refOf } from '../../lib/kube/addresses.ts';
import { UnreachableError } from '../../lib/kube/errors.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import { done, passedOn, world } from '../../test/fake/scenes.ts';
import { clusterIn, PIVOT_NAME, type FakeWorld, type Wrap } from '../../test/fake/world.ts';
import { GIVE_UP_ANNOTATION } from '../core/pivot/abandoned.ts';
import { ownershipOf } from '../core/pivot/ownership.ts';

const REF = { ...PIVOT, namespace: NAMESPACE, name: PIVOT_NAME };
const RESCUE = { direction: 'ToManagement', source: 'Escrow' } as const;

/** A pivot past its commit that has not activated its target yet, with a complete escrow. */
async function stuck(): Promise<FakeWorld> {
  const w = await world(true, 0);
  // As on every real cluster, so that objects left here have the name of their cluster.
  for (const kind of ['Cluster', 'Machine']) {
    const one = w.management.all(NAMESPACE).find((object) => object.kind === kind);
    const labels = { [CLUSTER_NAME_LABEL]: 'demo' };
    // oxlint-disable-next-line no-await-in-loop -- objects are sequential
    if (one !== undefined) await w.management.patch(refOf(one), { metadata: { labels } });
  }
  await w.controllers.management.settled();
  await w.pivot();
  const committed = await w.run((pivot) => isTrue(pivot, 'Committed'), { wrap: neverActivates });
  expect(isTrue(committed, 'Committed')).toBe(true);
  return w;
}

const neverActivates: Wrap = (api, side) => ({
  ...passedOn(api),
  patch: (ref, patch, options) =>
    side === 'workload' && Array.isArray(patch)
      ? Promise.reject(new UnreachableError('no route'))
      : api.patch(ref, patch, options),
});

async function reasonOf(w: FakeWorld, name: string): Promise<unknown> {
  return conditionOf(await w.state(name), 'Ready')?.reason;
}

describe('a take-back from the escrow', () => {
  it('never runs next to a pivot that may still activate its target', async () => {
    const w = await stuck();
    await w.pivot(RESCUE, 'rescue');
    await w.run(done, { name: 'rescue' });
    expect(await reasonOf(w, 'rescue')).toBe('AnotherPivot');
    await w.run(done);
    expect(await reasonOf(w, PIVOT_NAME)).toBe('Completed');
    expect(w.violations).toEqual([]);
  });

  it('starts when that one has given up, even if it is paused', async () => {
    const w = await stuck();
    await w.management.patch(REF, { metadata: { annotations: { [GIVE_UP_ANNOTATION]: 'true' } } });
    await w.run((pivot) => conditionOf(pivot, 'Ready')?.reason === 'Abandoned');
    const annotations = { 'crossplane.io/paused': 'true' };
    await w.management.patch(REF, { metadata: { annotations } });
    await w.run(() => true);
    expect(await reasonOf(w, PIVOT_NAME)).toBe('Abandoned');
    await w.pivot(RESCUE, 'rescue');
    await w.run(done, { name: 'rescue' });
    expect(await reasonOf(w, 'rescue')).toBe('Completed');
    await w.management.patch(REF, { metadata: { annotations: { 'crossplane.io/paused': null } } });
    await w.run(done);
    expect(clusterIn(w.management).map(ownershipOf)).toMatchObject([
      { owner: 'management', paused: false },
    ]);
    expect(clusterIn(w.workload).map(ownershipOf)).toMatchObject([
      { owner: 'moving', paused: true },
    ]);
    expect(w.violations).toEqual([]);
  });
});
