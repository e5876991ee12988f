import { describe, expect, it } from '@jest/globals';
import { CLUSTER_PLAN, X_MANAGED_CLUSTER } from '../../../lib/apis/kinds.ts';
import { conditionOf, isTrue } from '../../../lib/core/conditions.ts';
import { eventually } from '../world.ts';
import { api, CLUSTERS, compositeOf, NAMESPACE, refOf, waitForCondition } from './subject.ts';

const [claim] = CLUSTERS;
const PLAN = { ...CLUSTER_PLAN, namespace: NAMESPACE, name: claim.name };
const REPORTED = ['ControlPlaneReady', 'WorkersReady', 'AddOnsReady', 'AgentConnected'];

/** More changes than Crossplane lets through, and then one that matters. */
export function storm(): void {
  describe('a storm of 200 status changes', () => {
    it('trips the circuit breaker of Crossplane', async () => {
      for (let change = 0; change < 200; change += 1) {
        // oxlint-disable-next-line no-await-in-loop -- each change shall be an event of its own
        await report({ agentVersion: `v0.0.${change}` });
      }
      const { metadata } = await compositeOf(claim);
      const composite = { ...X_MANAGED_CLUSTER, name: metadata.name ?? '' };
      const open = await eventually(
        api,
        composite,
        'to be unresponsive',
        (object) => conditionOf(object, 'Responsive')?.reason === 'WatchCircuitOpen',
      );
      expect(isTrue(open, 'Pivoted')).toBe(true);
    });

    it('does not hide what comes after it: the report of the agent makes the claim Operational', async () => {
      const lastTransitionTime = new Date().toISOString();
      const plan = await api.get(PLAN);
      await report({
        observedGeneration: plan?.metadata.generation,
        controlPlane: { desired: 3, ready: 3, version: 'v1.35.4' },
        nodePools: [{ name: 'workers', desired: 2, ready: 2 }],
        conditions: REPORTED.map((type) => ({
          type,
          status: 'True',
          reason: 'StandIn',
          message: 'A stand-in for the agent',
          lastTransitionTime,
        })),
      });
      await waitForCondition(claim, 'Operational');
      const head = await eventually(api, refOf(claim), 'to be Ready', (object) =>
        isTrue(object, 'Ready'),
      );
      expect(head['status']).toMatchObject({ controlPlaneMachines: '3/3', workers: '2/2' });
    });
  });
}

async function report(status: Readonly<Record<string, unknown>>): Promise<void> {
  await api.patch(PLAN, { status }, { subresource: 'status' });
}
