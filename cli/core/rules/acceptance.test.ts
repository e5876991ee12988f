import { describe, it } from '@jest/globals';
import { claimSaying, KCP, DEV_CLUSTER, checkRow, type Row } from '../../testing/rows.ts';
import { aCluster, aComposite, anObject, aSide, aSnapshot, LONG } from '../../testing/snapshots.ts';

const ROWS: readonly Row[] = [
  {
    reason: 'Crossplane has not called the function, for an hour',
    snapshot: aSnapshot(aComposite({ conditions: {} })),
    is: 'NotSeen',
    severity: 'problem',
    object: 'XManagedCluster demo-x7k2p',
    says: 'Crossplane has not called the function for it yet.',
    run: 'kubectl get xrd',
  },
  {
    reason: 'the message of a claim that is not accepted is shown unchanged',
    snapshot: claimSaying({
      Accepted: [
        'False',
        'ProfileVersionNotFound',
        'spec.profiles[base].version: ClusterProfile base has no version 2.0.0: use one of 1.0.0',
      ],
    }),
    is: 'ProfileVersionNotFound',
    severity: 'problem',
    object: 'ManagedCluster team-a/demo',
    says: 'spec.profiles[base].version: ClusterProfile base has no version 2.0.0: use one of 1.0.0.',
    run: 'kubectl -n team-a edit managedcluster.managedcluster.io/demo',
  },
  {
    reason: 'gate G1: time and details come from the infrastructure cluster',
    snapshot: claimSaying(
      {
        ControlPlaneInitialized: [
          'False',
          'WaitingForInfrastructure',
          'Gate G1: waiting for DevCluster team-a/demo to be provisioned (NotReady)',
        ],
      },
      {
        management: aSide({
          cluster: aCluster('management', 1, false),
          infrastructureCluster: anObject(DEV_CLUSTER, 'demo', {
            conditions: {
              LoadBalancerAvailable: ['False', 'Failed', 'quota of addresses reached'],
            },
          }),
        }),
      },
    ),
    is: 'WaitingForInfrastructure',
    severity: 'waiting',
    object: 'DevCluster team-a/demo',
    says: 'Gate G1: waiting for DevCluster team-a/demo to be provisioned (NotReady).',
    run: 'describe devcluster.infrastructure.cluster.x-k8s.io/demo',
  },
  {
    reason: 'gate G1: the machine has taken an hour, which is a problem',
    snapshot: claimSaying(
      {
        ControlPlaneInitialized: [
          'False',
          'WaitingForControlPlaneInitialized',
          'Gate G1: waiting for Cluster team-a/demo to report ControlPlaneInitialized (NotInitialized)',
          LONG,
        ],
      },
      { management: aSide({ controlPlane: anObject(KCP, 'demo-cp') }) },
    ),
    is: 'WaitingForControlPlaneInitialized',
    severity: 'problem',
    object: 'KubeadmControlPlane team-a/demo-cp',
    says: 'Gate G1: waiting for Cluster team-a/demo to report ControlPlaneInitialized (NotInitialized).',
    since: LONG,
  },
  {
    reason: 'gate G2: the Cluster was paused by someone else',
    snapshot: claimSaying({
      Pivoted: [
        'False',
        'WaitingForUnpause',
        'Gate G2: waiting for Cluster team-a/demo to be unpaused: spec.paused is set on it',
      ],
    }),
    is: 'WaitingForUnpause',
    severity: 'problem',
    object: 'XManagedCluster demo-x7k2p',
    says: 'Gate G2: waiting for Cluster team-a/demo to be unpaused: spec.paused is set on it.',
    run: `patch cluster.cluster.x-k8s.io/demo --type=merge -p '{"spec":{"paused":null}}'`,
  },
];

describe('whether a claim was understood, and what a gate waits for', () => {
  // oxlint-disable-next-line jest/expect-expect -- checkRow expects
  it.each(ROWS)('$reason', checkRow);
});
