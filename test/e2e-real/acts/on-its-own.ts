import { afterAll, describe, expect, it } from '@jest/globals';
import { growAlone, linkOf, loseWorker, reported } from '@managed-cluster/testbed';
import type { Subject } from '../subject.ts';
import { docker } from '../world.ts';

/** onItsOwn: what a cluster does while nobody else can be reached. */
export function onItsOwn(subject: Subject): void {
  describe('cut off from the management side', () => {
    const link = linkOf(docker());

    afterAll(() => link.join());

    it('grows by a change in itself, and replaces a worker whose machine has died', async () => {
      await link.cut();
      await growAlone(subject.theatre(), { workers: 3, machines: 6 });
      const { lost, found } = await loseWorker(subject.theatre(), docker(), 6);
      const names = (await subject.machines()).map(({ metadata }) => metadata.name);
      expect(names).toContain(found);
      expect(names).not.toContain(lost);
      await link.join();
      await reported(subject.theatre(), '3/3');
    });
  });
}
