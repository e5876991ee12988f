import { describe, it } from '@jest/globals';
import type { Snapshot } from '../snapshot.ts';
import { claimSaying, checkRow, type Row } from '../../testing/rows.ts';
import { ACCEPTED, aComposite, aSnapshot, SOON } from '../../testing/snapshots.ts';

function deleting(reason: string, message: string): Partial<Snapshot> {
  return aComposite({
    metadata: { deletionTimestamp: SOON },
    status: { phase: 'Deleting' },
    conditions: { ...ACCEPTED, Operational: ['False', reason, message] },
  });
}

const ROWS: readonly Row[] = [
  {
    reason: 'Teardown is blocked by an object',
    snapshot: aSnapshot(
      deleting(
        'TeardownBlocked',
        'Waiting for Cluster API to remove DevMachine demo-cp-1 (finalizer devmachine.infrastructure.cluster.x-k8s.io for 12 min)',
      ),
    ),
    is: 'TeardownBlocked',
    severity: 'problem',
    object: 'XManagedCluster demo-x7k2p',
    says: 'The cluster is being deleted: Waiting for Cluster API to remove DevMachine demo-cp-1 (finalizer devmachine.infrastructure.cluster.x-k8s.io for 12 min).',
    run: 'get configmap demo-teardown',
  },
  {
    reason: 'a cluster that does not answer is taken back',
    snapshot: aSnapshot(deleting('TakingClusterBack', 'Waiting for Pivot demo-back')),
    is: 'TakingClusterBack',
    severity: 'waiting',
    object: 'XManagedCluster demo-x7k2p',
    says: 'The cluster is being deleted: Waiting for Pivot demo-back.',
    run: 'annotate managedcluster.managedcluster.io/demo managedcluster.io/force-escrow=true',
  },
  {
    reason: 'Crossplane is paused: nothing else is true any more',
    snapshot: aSnapshot(
      aComposite({
        metadata: { annotations: { 'crossplane.io/paused': 'true' } },
        conditions: {
          ...ACCEPTED,
          Synced: ['False', 'ReconcilePaused', 'Reconciliation is paused'],
        },
      }),
    ),
    is: 'ReconcilePaused',
    severity: 'problem',
    object: 'ManagedCluster team-a/demo',
    says: 'ManagedCluster is paused: its annotation crossplane.io/paused is true.',
    run: 'annotate managedcluster.managedcluster.io/demo crossplane.io/paused-',
  },
  {
    reason: 'RBAC does not allow Crossplane to write a composed object',
    snapshot: claimSaying({
      Synced: [
        'False',
        'ReconcileError',
        'cannot compose resources: cannot apply composed resource "cluster": clusters.cluster.x-k8s.io "demo" is forbidden: User "system:serviceaccount:crossplane-system:crossplane" cannot patch resource "clusters"',
      ],
    }),
    is: 'ReconcileError',
    severity: 'problem',
    object: 'ManagedCluster team-a/demo',
    says: 'ManagedCluster cannot be reconciled: cannot compose resources: cannot apply composed resource "cluster": clusters.cluster.x-k8s.io "demo" is forbidden: User "system:serviceaccount:crossplane-system:crossplane" cannot patch resource "clusters".',
    run: 'get clusterroles',
  },
  {
    reason: 'the circuit breaker of Crossplane is open',
    snapshot: claimSaying({ Responsive: ['False', 'WatchCircuitOpen', 'Too many watch events'] }),
    is: 'WatchCircuitOpen',
    severity: 'waiting',
    object: 'ManagedCluster team-a/demo',
    says: 'Crossplane does not watch changes of ManagedCluster: Too many watch events.',
  },
];

describe('what is the matter with Crossplane, or with a deletion', () => {
  // oxlint-disable-next-line jest/expect-expect -- checkRow expects
  it.each(ROWS)('$reason', checkRow);
});
