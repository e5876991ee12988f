import { expect, it } from '@jest/globals';
import { PIVOT } from '../../lib/apis/kinds.ts';
import { conditionOf } from '../../lib/core/conditions.ts';
import { NAMESPACE } from '../../test/fake/cluster.ts';
import { done, fenced } from '../../test/fake/scenes.ts';
import { PIVOT_NAME } from '../../test/fake/world.ts';

const REF = { ...PIVOT, namespace: NAMESPACE, name: PIVOT_NAME };

it('another Pivot that is in progress goes first: AnotherPivot, until it is aborted', async () => {
  const w = await fenced();
  await w.pivot({}, 'second');
  const waiting = await w.run((pivot) => conditionOf(pivot, 'Ready') !== undefined, {
    name: 'second',
  });
  expect(conditionOf(waiting, 'Ready')).toMatchObject({
    reason: 'AnotherPivot',
    message: `Pivot ${PIVOT_NAME} hands over the same cluster and is in progress: wait until it finishes, or abort it with spec.abort: true`,
  });
  await w.management.patch(REF, { spec: { abort: true } });
  await w.run((pivot) => pivot.status?.phase === 'Aborted');
  await w.controllers.management.settled();
  const end = await w.run(done, { name: 'second' });
  expect(conditionOf(end, 'Ready')).toMatchObject({ reason: 'Completed' });
  expect(w.violations).toEqual([]);
});
