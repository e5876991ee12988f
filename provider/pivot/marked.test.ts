import { expect, it } from '@jest/globals';
import { MANAGEMENT_ANNOTATION, OWNER_ANNOTATION } from '../../lib/apis/ownership.ts';
import { done, world } from '../../test/fake/scenes.ts';
import { identified } from '../testing/adoption-subject.ts';

it('a cluster that manages itself says from its first moment which management side it has', async () => {
  const w = await world(true, 1);
  const { metadata } = await identified(w.management);
  const said = new Set<unknown>();
  const { onChange } = w.workload;
  w.workload.onChange = (object) => {
    const { annotations = {} } = object.metadata;
    if (annotations[OWNER_ANNOTATION] === 'workload') said.add(annotations[MANAGEMENT_ANNOTATION]);
    onChange(object);
  };
  await w.pivot();
  await w.run(done);
  expect(said).toEqual(new Set([metadata.uid]));
});
