import { describe, expect, it } from '@jest/globals';
import { findingsOf } from './findings.ts';
import { claimSaying, reached, beating, checkRow } from '../testing/rows.ts';
import {
  aCluster,
  anInstallation,
  aPivot,
  aPlan,
  aSide,
  LONG,
  SOON,
} from '../testing/snapshots.ts';

describe('findingsOf', () => {
  // oxlint-disable-next-line jest/expect-expect -- checkRow expects
  it.each([
    {
      reason: 'no rule matches: the condition of the ManagedCluster is shown',
      snapshot: claimSaying({ Operational: ['False', 'Odd', 'Pivoted: something odd', LONG] }),
      is: 'Odd',
      severity: 'problem' as const,
      object: 'XManagedCluster demo-x7k2p',
      says: 'Pivoted: something odd.',
      since: LONG,
    },
  ])('$reason', checkRow);

  it('finds nothing in a cluster that is operational', () => {
    const snapshot = claimSaying(
      { Operational: ['True', 'Operational', 'x'], Synced: ['True', 'ReconcileSuccess'] },
      {
        plan: aPlan({ metadata: { generation: 2 }, status: { observedGeneration: 2 } }),
        heartbeat: beating(SOON),
        agentInstallation: anInstallation({ conditions: { Ready: ['True', 'Available'] } }),
        pivot: aPivot({ conditions: { Ready: ['True', 'Complete'] } }),
        workload: reached({ cluster: aCluster('workload', 3, false) }),
      },
    );
    expect(findingsOf(snapshot)).toEqual([]);
  });

  it('lists dangers first, then problems, then waits', () => {
    const snapshot = claimSaying(
      {
        ControlPlaneInitialized: [
          'False',
          'WaitingForEndpoint',
          'Gate G1: waiting for an endpoint',
        ],
        Synced: ['False', 'ReconcileError', 'x'],
      },
      {
        management: aSide({ cluster: aCluster('management', 1, false) }),
        workload: reached({ cluster: aCluster('workload', 3, false) }),
      },
    );
    const severities = findingsOf(snapshot).map(({ severity }) => severity);
    expect(severities).toEqual(['danger', 'problem', 'problem', 'waiting']);
  });
});
