import { beforeAll, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { machinesInside, reported, scaleClaim, untilOperational } from '@managed-cluster/testbed';
import { AGENT_NAMESPACE } from '../../../lib/apis/agent.ts';
import { CLUSTER_PLAN } from '../../../lib/apis/kinds.ts';
import { conditionOf } from '../../../lib/core/conditions.ts';
import { eventually, vault } from '../world.ts';
import { restartAll } from './restart-all.ts';
import { api, CLAIM, inside, machinesOf, NAMESPACE, refOf, theatreOf } from './subject.ts';

const PLAN = { ...CLUSTER_PLAN, name: CLAIM.name };
const BACKUP = 'before-the-pool-grew';

/** The etcd of the management side is set back to before a change that the cluster has carried out. */
export function restored(): void {
  describe('a management side that is set back to an older backup', () => {
    const theatre = theatreOf(CLAIM);
    let before: readonly string[];

    beforeAll(async () => {
      await vault('backup', 'm', BACKUP);
      await scaleClaim(theatre, 3);
      await machinesInside(theatre, 6);
      await reported(theatre, '3/3');
      before = await machinesOf(CLAIM, inside);
      await vault('restore', 'm', BACKUP);
      await restartAll();
    }, 300_000);

    it('is recognised by the agent, which says so on both sides and on the claim', async () => {
      const sides = [
        { side: api, namespace: NAMESPACE },
        { side: inside, namespace: AGENT_NAMESPACE },
      ];
      for (const { side, namespace } of sides) {
        // oxlint-disable-next-line no-await-in-loop -- one after the other is as good
        // At first Crossplane may write what it remembers, which is what the cluster has.
        const plan = await eventually(side, { ...PLAN, namespace }, 'to be refused', (object) =>
          String(conditionOf(object, 'PlanAccepted')?.message).includes('cluster.nodePools'),
        );
        expect(conditionOf(plan, 'PlanAccepted')).toMatchObject({
          status: 'False',
          reason: 'ManagementRestored',
        });
      }
      await eventually(
        api,
        refOf(CLAIM),
        'to be told',
        (object) => conditionOf(object, 'Operational')?.reason === 'ManagementRestored',
      );
    });

    it('takes no machine away', async () => {
      await sleep(5000);
      expect(before).toHaveLength(6);
      expect(await machinesOf(CLAIM, inside)).toEqual(before);
    });

    it('is followed again when its claim asks for what the cluster has', async () => {
      await scaleClaim(theatre, 3);
      await untilOperational(theatre);
      expect(await machinesOf(CLAIM, inside)).toEqual(before);
      await scaleClaim(theatre, 2);
      await machinesInside(theatre, 5);
    });
  });
}
