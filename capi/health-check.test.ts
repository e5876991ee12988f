import { describe, expect, it } from '@jest/globals';
import { healthChecks } from './health-check.ts';
import { aCluster } from './testing/clusters.ts';

describe('healthChecks', () => {
  it.each([
    {
      reason: 'a single control plane machine can not be replaced',
      replicas: 1,
      want: ['demo-workers'],
    },
    { reason: 'one of three can', replicas: 3, want: ['demo-cp', 'demo-workers'] },
    { reason: 'one of five can', replicas: 5, want: ['demo-cp', 'demo-workers'] },
  ])('$reason', ({ replicas, want }) => {
    const input = aCluster('docker', { controlPlane: { replicas } });

    expect(healthChecks(input).map(({ metadata }) => metadata.name)).toEqual(want);
  });

  it('leaves out pools that want none', () => {
    const nodePools = [{ name: 'a', replicas: 1, healthCheck: { enabled: false } }];
    const input = aCluster('docker', { controlPlane: { replicas: 1 }, nodePools });

    expect(healthChecks(input)).toEqual([]);
  });

  it.each([
    { maxUnhealthy: '40%', replicas: 1, want: 1 },
    { maxUnhealthy: '40%', replicas: 2, want: 1 },
    { maxUnhealthy: '40%', replicas: 3, want: '40%' },
    { maxUnhealthy: '10%', replicas: 9, want: 1 },
    { maxUnhealthy: '100%', replicas: 1, want: '100%' },
    { maxUnhealthy: '0%', replicas: 1, want: '0%' },
    { maxUnhealthy: '2', replicas: 1, want: 2 },
    { maxUnhealthy: '0', replicas: 1, want: 0 },
  ])('repairs a pool of $replicas with $maxUnhealthy', ({ maxUnhealthy, replicas, want }) => {
    const healthCheck = { maxUnhealthy, unhealthyAfterSeconds: 60 };
    const input = aCluster('docker', {
      controlPlane: { replicas: 1 },
      nodePools: [{ name: 'a', replicas, healthCheck }],
    });

    expect(healthChecks(input)).toMatchObject([
      {
        spec: {
          selector: { matchLabels: { 'cluster.x-k8s.io/deployment-name': 'demo-a' } },
          checks: {
            nodeStartupTimeoutSeconds: 1200,
            unhealthyNodeConditions: [
              { type: 'Ready', status: 'False', timeoutSeconds: 60 },
              { type: 'Ready', status: 'Unknown', timeoutSeconds: 60 },
            ],
          },
          remediation: { triggerIf: { unhealthyLessThanOrEqualTo: want } },
        },
      },
    ]);
  });
});
