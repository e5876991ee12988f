import { describe, it } from '@jest/globals';
import { claimSaying, beating, checkRow, type Row } from '../../testing/rows.ts';
import { aDevMachine, aMachine, aPlan, aSide, LONG } from '../../testing/snapshots.ts';

const ROWS: readonly Row[] = [
  {
    reason: 'the agent has been silent for an hour',
    snapshot: claimSaying({}, { plan: aPlan({ status: {} }), heartbeat: beating(LONG) }),
    is: 'AgentSilent',
    severity: 'problem',
    object: 'Lease team-a/demo-agent',
    says: 'The last heartbeat of the agent was 1h ago.',
    run: 'logs deployment/managed-cluster-agent',
    since: LONG,
  },
  {
    reason: 'a layer has failed',
    snapshot: claimSaying(
      {},
      {
        plan: aPlan({
          status: {
            layers: [
              {
                name: 'cilium',
                phase: 'Failed',
                message: 'chart cilium 9.9.9 is not in the repository',
              },
              { name: 'team-namespace', phase: 'Pending' },
            ],
          },
        }),
      },
    ),
    is: 'LayerFailed',
    severity: 'problem',
    object: 'ClusterPlan team-a/demo',
    says: 'Layer cilium has failed: chart cilium 9.9.9 is not in the repository.',
  },
  {
    reason: 'a machine is stuck in its infrastructure',
    snapshot: claimSaying(
      {},
      {
        management: aSide({
          machines: [
            aMachine('demo-cp-1', { conditions: { Ready: ['True', 'Ready'] } }),
            aMachine('demo-cp-2', {
              status: { phase: 'Provisioning' },
              conditions: {
                Ready: ['False', 'NotReady', 'x', LONG],
                InfrastructureReady: ['False', 'NotReady', '* instance type is sold out', LONG],
              },
            }),
          ],
          infrastructureMachines: [
            aDevMachine('demo-cp-2', {
              conditions: { Ready: ['False', 'SoldOut', 'no capacity'] },
            }),
          ],
        }),
      },
    ),
    is: 'MachineNotReady',
    severity: 'problem',
    object: 'Machine team-a/demo-cp-2',
    says: 'Machine demo-cp-2 is not ready (phase Provisioning).',
    since: LONG,
  },
];

describe('what is the matter with a cluster that runs', () => {
  // oxlint-disable-next-line jest/expect-expect -- checkRow expects
  it.each(ROWS)('$reason', checkRow);
});
