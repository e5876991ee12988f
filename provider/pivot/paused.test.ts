import { expect, it } from '@jest/globals';
import { PIVOT } from '../../lib/apis/kinds.ts';
import { conditionOf } from '../../lib/core/conditions.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import { done, fenced } from '../../test/fake/scenes.ts';
import { clusterIn, PIVOT_NAME } from '../../test/fake/world.ts';
import { ownershipOf } from '../core/pivot/ownership.ts';

const REF = { ...PIVOT, namespace: NAMESPACE, name: PIVOT_NAME };

it('a Pivot that is paused while fenced reports that no controller reconciles the cluster, and what to do', async () => {
  const w = await fenced();
  await w.management.patch(REF, { metadata: { annotations: { 'crossplane.io/paused': 'true' } } });
  const paused = await w.run(
    (pivot) => conditionOf(pivot, 'Ready')?.reason === 'PausedWhileFenced',
  );
  expect(conditionOf(paused, 'Synced')).toMatchObject({ reason: 'ReconcilePaused' });
  expect(conditionOf(paused, 'Ready')).toMatchObject({
    status: 'False',
    message: expect.stringMatching(
      /no controller reconciles the cluster.*remove the annotation.*spec\.abort/,
    ),
  });
  await w.run(() => true);
  expect(w.events.filter((reason) => reason === 'PausedWhileFenced')).toHaveLength(1);
  expect(clusterIn(w.management).map((cluster) => ownershipOf(cluster).paused)).toEqual([true]);
  await w.management.patch(REF, { metadata: { annotations: { 'crossplane.io/paused': null } } });
  const end = await w.run(done);
  expect(conditionOf(end, 'Ready')).toMatchObject({ reason: 'Completed' });
});
