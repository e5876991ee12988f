import { describe, expect, it } from '@jest/globals';
import { loadBetween, together, type Summary } from './usage.ts';

function stats(second: number, cpuSeconds: number, mib: number) {
  const time = new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString();
  return {
    cpu: { time, usageCoreNanoSeconds: cpuSeconds * 1e9 },
    memory: { workingSetBytes: mib * 2 ** 20 },
  };
}

function pod(
  namespace: string,
  name: string,
  ...[second, cpu, mib]: readonly [number, number, number]
) {
  return { podRef: { namespace, name }, ...stats(second, cpu, mib) };
}

const BEFORE: Summary = {
  node: { nodeName: 'cp-a', ...stats(0, 100, 800) },
  pods: [pod('managed-cluster-system', 'agent', 0, 10, 60), pod('kube-system', 'etcd', 0, 5, 40)],
};

const AFTER: Summary = {
  node: { nodeName: 'cp-a', ...stats(20, 108, 900) },
  pods: [
    pod('managed-cluster-system', 'agent', 16, 12, 70),
    pod('capi-system', 'core', 20, 3, 50),
    pod('kube-system', 'etcd', 20, 6, 41),
  ],
};

describe('loadBetween', () => {
  it('is memory as it is, and the mean of cores by the clock of each sample', () => {
    const { node, memoryMiB, cores, pods } = loadBetween(BEFORE, AFTER);
    expect({ node, memoryMiB, cores }).toEqual({ node: 'cp-a', memoryMiB: 900, cores: 0.4 });
    expect(pods[1]).toEqual({
      namespace: 'managed-cluster-system',
      name: 'agent',
      memoryMiB: 70,
      cores: 0.125,
    });
  });

  it('knows only our Pods and those of Cluster API and Crossplane', () => {
    const names = loadBetween(BEFORE, AFTER).pods.map(({ name }) => name);
    expect(names).toEqual(['core', 'agent']);
  });

  it('knows no cores of a Pod that is new, or when nothing was measured in between', () => {
    expect(loadBetween(BEFORE, AFTER).pods[0]?.cores).toBeNaN();
    expect(loadBetween(AFTER, AFTER).cores).toBeNaN();
  });
});

describe('together', () => {
  it('adds up', () => {
    const loads = [
      { memoryMiB: 70, cores: 0.1 },
      { memoryMiB: 30, cores: 0.2 },
    ];
    expect(together(loads).memoryMiB).toBe(100);
    expect(together(loads).cores).toBeCloseTo(0.3);
  });
});
