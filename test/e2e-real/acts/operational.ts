import { beforeAll, describe, expect, it } from '@jest/globals';
import { pageOn, unmanagedMilliseconds, untilOperational, WEB } from '@managed-cluster/testbed';
import { recordIn } from '../../../lib/core/object.ts';
import { containersOf, MACHINE, PATIENCE_MS, podsOfOurs, type Subject } from '../subject.ts';
import { docker, management } from '../world.ts';

/** becomesOperational: the whole order of operations, and what its end looks like from inside. */
export function becomesOperational(subject: Subject): void {
  describe('a cluster of real nodes', () => {
    beforeAll(() => subject.apply());

    it('becomes Operational: three control planes, two workers, a network and two charts', async () => {
      const claim = await untilOperational(subject.theatre(), PATIENCE_MS);
      expect(recordIn(claim, 'status')).toMatchObject({
        phase: 'SelfManaged',
        owner: 'Workload',
        controlPlaneMachines: '3/3',
        workers: '2/2',
      });
      expect(await subject.machines()).toHaveLength(5);
      expect(await unmanagedMilliseconds(subject.theatre())).toBeLessThan(10_000);
    });

    it('runs the agent and Cluster API in itself, and none of them had to start twice', async () => {
      const ours = await podsOfOurs(subject.inside());
      expect(ours).toHaveLength(5);
      for (const status of containersOf(ours)) {
        expect(status).toMatchObject({ ready: true, restartCount: 0 });
      }
    });

    it('serves a page of a chart through its Service, on every node', async () => {
      for (const { metadata } of await subject.machines()) {
        // oxlint-disable-next-line no-await-in-loop -- a moment each
        const page = await pageOn(docker(), subject.inside(), metadata.name ?? '');
        expect(page).toContain(WEB.greeting);
      }
    });

    it('leaves no Machine on the management side', async () => {
      const { namespace } = subject.claim;
      expect((await management().list({ ...MACHINE, namespace })).items).toEqual([]);
    });
  });
}
