import { describe, expect, it } from '@jest/globals';
import { CIRCUIT_BREAKER, machinesInside, reported, scaleClaim } from '@managed-cluster/testbed';
import { CLUSTER_PLAN, X_MANAGED_CLUSTER } from '../../../lib/apis/kinds.ts';
import { conditionOf, isTrue } from '../../../lib/core/conditions.ts';
import { eventually } from '../world.ts';
import { api, CLAIM, compositeOf, inside, machinesOf, NAMESPACE, theatreOf } from './subject.ts';

const PLAN = { ...CLUSTER_PLAN, namespace: NAMESPACE, name: CLAIM.name };

/** Twice the changes that Crossplane lets through at once, and then one that matters. */
export function storm(): void {
  describe(`a storm of ${CIRCUIT_BREAKER.burst} status changes`, () => {
    it('trips the circuit breaker of Crossplane', async () => {
      for (let change = 0; change < CIRCUIT_BREAKER.burst; change += 1) {
        const status = { agentVersion: `v0.0.${change}` };
        // oxlint-disable-next-line no-await-in-loop -- each change shall be an event of its own
        await api.patch(PLAN, { status }, { subresource: 'status' });
      }
      const { metadata } = await compositeOf(CLAIM);
      const composite = { ...X_MANAGED_CLUSTER, name: metadata.name ?? '' };
      const open = await eventually(
        api,
        composite,
        'to be unresponsive',
        (object) => conditionOf(object, 'Responsive')?.reason === 'WatchCircuitOpen',
      );
      expect(isTrue(open, 'Pivoted')).toBe(true);
    });

    it('does not hide what comes after it: a change of the claim arrives, and its report too', async () => {
      await scaleClaim(theatreOf(CLAIM), 1);
      await machinesInside(theatreOf(CLAIM), 4);
      await reported(theatreOf(CLAIM), '1/1');
      expect(await machinesOf(CLAIM, inside)).toHaveLength(4);
    });
  });
}
