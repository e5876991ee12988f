import { describe, expect, it } from '@jest/globals';
import type { KubeObject } from '../../lib/core/object.ts';
import { packageObjects } from '../../provider/package-files.ts';
import { networkMistakes } from './chart-network.ts';

const PEERS = [{ podSelector: { matchLabels: { app: 'crossplane' } } }];

/** The NetworkPolicies of the chart with peers, as Helm renders them. */
const policies = packageObjects('chart/network').map((policy) => changed(policy, { from: PEERS }));
const runtimes = packageObjects('chart/runtime');

interface Change {
  readonly from?: unknown;
  readonly spec?: object;
}

function changed(policy: KubeObject, { from, spec = {} }: Change): KubeObject {
  const before = policy['spec'] as { ingress: object[] };
  const ingress = before.ingress.map((rule) => (from === undefined ? rule : { ...rule, from }));
  return { ...policy, spec: { ...before, ingress, ...spec } };
}

function mistakesWith(name: string, change: Change): readonly string[] {
  const all = policies.map((policy) =>
    policy.metadata.name === `managed-cluster-${name}` ? changed(policy, change) : policy,
  );
  return networkMistakes([...all, ...runtimes]);
}

describe('the NetworkPolicies of the chart', () => {
  it('limit the Pods of function and provider, each in both directions', () => {
    expect(policies.map(({ metadata }) => metadata.name)).toEqual([
      'managed-cluster-function',
      'managed-cluster-provider',
    ]);
    expect(networkMistakes([...policies, ...runtimes])).toEqual([]);
  });

  it('let nobody in by default: the peers are values', () => {
    expect(networkMistakes([...packageObjects('chart/network'), ...runtimes])).toEqual([
      expect.stringContaining('managed-cluster-function: a rule without peers lets everybody in'),
      expect.stringContaining('managed-cluster-provider: a rule without peers lets everybody in'),
    ]);
    expect(mistakesWith('provider', { spec: { ingress: [] } })).toEqual([]);
  });

  it('let the provider connect by TCP to any port, and by UDP to DNS only', () => {
    const [, provider] = policies;
    expect(provider?.['spec']).toMatchObject({
      egress: [{ ports: [{ protocol: 'TCP' }] }, { ports: [{ protocol: 'UDP', port: 53 }] }],
    });
  });
});

describe('the check of the NetworkPolicies', () => {
  it.each<{ reason: string; name: string; change: Change; want: string }>([
    {
      reason: 'a function that connects to others',
      name: 'function',
      change: { spec: { egress: [{}] } },
      want: 'the function connects to nobody',
    },
    {
      reason: 'one direction',
      name: 'provider',
      change: { spec: { policyTypes: ['Ingress'] } },
      want: 'it does not limit both directions',
    },
    {
      reason: 'another port than that of the flags',
      name: 'provider',
      change: { spec: { ingress: [{ from: PEERS, ports: [{ protocol: 'TCP', port: 8081 }] }] } },
      want: 'the only port is 8080',
    },
    {
      reason: 'every port',
      name: 'function',
      change: { spec: { ingress: [{ from: PEERS }] } },
      want: 'the only port is 9443',
    },
    {
      reason: 'no peers',
      name: 'function',
      change: { from: [] },
      want: 'a rule without peers lets everybody in',
    },
  ])('finds $reason', ({ name, change, want }) => {
    expect(mistakesWith(name, change)).toEqual([
      `NetworkPolicy of managed-cluster-${name}: ${want}`,
    ]);
  });

  it('finds Pods that no policy selects', () => {
    const podSelector = { matchLabels: { 'app.kubernetes.io/name': 'another' } };
    expect(mistakesWith('function', { spec: { podSelector } })).toEqual([
      'managed-cluster-function has 0 NetworkPolicies, not one',
    ]);
  });
});
