import { describe, it } from '@jest/globals';
import { claimSaying, checkRow, type Row } from '../../testing/rows.ts';
import { anInstallation, aPivot, LONG, SOON } from '../../testing/snapshots.ts';

const ROWS: readonly Row[] = [
  {
    reason: 'the provider does not run',
    snapshot: claimSaying({}, { agentInstallation: anInstallation() }),
    is: 'ProviderSilent',
    severity: 'problem',
    object: 'AgentInstallation team-a/demo',
    says: 'The provider has not reconciled the AgentInstallation yet.',
    run: 'logs -l app.kubernetes.io/name=managed-cluster-provider',
  },
  {
    reason: 'the part that fails is told, not those that wait for it',
    snapshot: claimSaying(
      {},
      {
        agentInstallation: anInstallation({
          conditions: { Ready: ['False', 'Unreachable', 'Target: cannot reach the API server'] },
          status: {
            parts: [
              { name: 'Identity', ready: true },
              {
                name: 'Target',
                ready: false,
                reason: 'Unreachable',
                message: 'cannot reach the API server (GET /apis/apps/v1): no answer within 30 s',
              },
              {
                name: 'Agent',
                ready: false,
                reason: 'WaitingForTarget',
                message: 'Waiting for part Target',
              },
            ],
          },
        }),
      },
    ),
    is: 'Unreachable',
    severity: 'waiting',
    object: 'AgentInstallation team-a/demo',
    says: 'Part Target is not ready: cannot reach the API server (GET /apis/apps/v1): no answer within 30 s.',
    run: 'get --raw /readyz',
  },
  {
    reason: 'a kubeconfig that leads to another cluster',
    snapshot: claimSaying(
      {},
      {
        agentInstallation: anInstallation({
          conditions: {
            Ready: [
              'False',
              'TargetOfAnotherCluster',
              'Target: The kubeconfig in Secret team-a/x connects to a cluster whose agent works for b/c',
            ],
          },
          status: {
            parts: [
              {
                name: 'Target',
                ready: false,
                reason: 'TargetOfAnotherCluster',
                message:
                  'The kubeconfig in Secret team-a/x connects to a cluster whose agent works for b/c',
              },
            ],
          },
        }),
      },
    ),
    is: 'TargetOfAnotherCluster',
    severity: 'problem',
    object: 'AgentInstallation team-a/demo',
    says: 'Part Target is not ready: The kubeconfig in Secret team-a/x connects to a cluster whose agent works for b/c.',
    run: "-o jsonpath='{.spec.agent}'",
  },
  {
    reason: 'an identity of others',
    snapshot: claimSaying(
      {},
      {
        agentInstallation: anInstallation({
          conditions: {
            Ready: [
              'False',
              'IdentityNotAllowed',
              'Credentials: AWSClusterRoleIdentity x does not allow clusters in namespace team-a',
            ],
          },
          status: {
            parts: [
              {
                name: 'Credentials',
                ready: false,
                reason: 'IdentityNotAllowed',
                message: 'AWSClusterRoleIdentity x does not allow clusters in namespace team-a',
              },
            ],
          },
        }),
      },
    ),
    is: 'IdentityNotAllowed',
    severity: 'problem',
    object: 'AgentInstallation team-a/demo',
    says: 'Part Credentials is not ready: AWSClusterRoleIdentity x does not allow clusters in namespace team-a.',
    run: "-o jsonpath='{.spec.cloud.identityRef}{.spec.cloud.workloadIdentityRef}'",
  },
  {
    reason: 'a way into the cluster that ends',
    snapshot: claimSaying(
      {},
      {
        agentInstallation: anInstallation({
          conditions: {
            Ready: [
              'False',
              'KubeconfigExpiring',
              'Kubeconfig: The kubeconfig of the cluster expires soon',
            ],
          },
          status: {
            parts: [
              {
                name: 'Kubeconfig',
                ready: false,
                reason: 'KubeconfigExpiring',
                message: 'The kubeconfig of the cluster expires soon',
              },
            ],
          },
        }),
      },
    ),
    is: 'KubeconfigExpiring',
    severity: 'problem',
    object: 'AgentInstallation team-a/demo',
    says: 'Part Kubeconfig is not ready: The kubeconfig of the cluster expires soon.',
    run: 'logs -l app.kubernetes.io/name=managed-cluster-provider',
  },
  {
    reason: 'a pivot waits for a controller that does not say Paused',
    snapshot: claimSaying(
      {},
      {
        pivot: aPivot({
          conditions: { Ready: ['False', 'WaitingForPause', 'x'] },
          status: {
            phase: 'Fence',
            steps: [
              { name: 'Prepare', startTime: LONG, endTime: LONG },
              {
                name: 'Fence',
                startTime: SOON,
                message:
                  'Waiting for the controllers to report Paused on KubeadmControlPlane team-a/demo-cp: check that their provider is running',
              },
            ],
          },
        }),
      },
    ),
    is: 'WaitingForPause',
    severity: 'waiting',
    object: 'Pivot team-a/demo',
    says: 'Step Fence of the Pivot waits: Waiting for the controllers to report Paused on KubeadmControlPlane team-a/demo-cp: check that their provider is running.',
    run: `patch pivot.m.managedcluster.io/demo --type=merge -p '{"spec":{"abort":true}}'`,
    since: SOON,
  },
  {
    reason: 'the Pivot that Teardown creates is shown too',
    snapshot: claimSaying(
      {},
      {
        otherPivots: [
          aPivot(
            {
              conditions: {
                Ready: ['False', 'ForeignObject', 'Secret team-a/x already exists on the target'],
              },
            },
            'demo-back',
          ),
        ],
      },
    ),
    is: 'ForeignObject',
    severity: 'problem',
    object: 'Pivot team-a/demo-back',
    says: 'The Pivot waits: Secret team-a/x already exists on the target.',
  },
  {
    reason: 'a pivot that was given up',
    snapshot: claimSaying(
      {},
      {
        pivot: aPivot({
          conditions: {
            Aborted: ['True', 'AbortRequested', 'Everything is as it was'],
            Ready: ['False', 'Aborted', 'x'],
          },
        }),
      },
    ),
    is: 'AbortRequested',
    severity: 'problem',
    object: 'Pivot team-a/demo',
    says: 'The pivot was aborted: Everything is as it was.',
    run: '{"spec":{"abort":false}}',
  },
  {
    reason: 'Crossplane still controls what is released',
    snapshot: claimSaying(
      {
        Pivoted: [
          'False',
          'ReleaseIncomplete',
          'Waiting for the release of Cluster team-a/demo: Crossplane still controls these objects and would delete them, so they are kept; see the conditions of the Pivot',
          LONG,
        ],
      },
      { pivot: aPivot({ conditions: { Ready: ['True', 'Complete'] } }) },
    ),
    is: 'ReleaseIncomplete',
    severity: 'problem',
    object: 'XManagedCluster demo-x7k2p',
    says: 'Waiting for the release of Cluster team-a/demo: Crossplane still controls these objects and would delete them, so they are kept; see the conditions of the Pivot.',
  },
];

describe('what holds up the way to the workload side', () => {
  // oxlint-disable-next-line jest/expect-expect -- checkRow expects
  it.each(ROWS)('$reason', checkRow);
});
